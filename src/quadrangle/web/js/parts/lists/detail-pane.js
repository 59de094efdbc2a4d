import { h } from "../../base/dom.js";
import { icon } from "../icons.js";

/**
 * What is open beside a list. `read(id, signal)` gets it, `draw(item)` returns its nodes, with one
 * h2 that can take the focus. `words`: {detail, choose, back, gone}; `iconName` stands where
 * nothing is open; `onBack` leads back to the list on a phone.
 */
export class DetailPane {
  #asking = null;

  constructor({ words, iconName, read, draw, onBack }) {
    Object.assign(this, { words, iconName, read, draw, onBack });
    this.id = null;
    this.element = h("section", { class: "detail-pane", "aria-label": words.detail });
  }

  /** Show what has this id; an empty one closes the pane. */
  async show(id, { focus = false } = {}) {
    if (id === this.id) return;
    this.id = id;
    this.#asking?.abort();
    this.element.scrollTop = 0;
    if (!id) {
      this.#put(h("div", { class: "empty" }, icon(this.iconName), h("p", {}, this.words.choose)));
      return;
    }
    const { signal } = (this.#asking = new AbortController());
    try {
      this.update(await this.read(id, signal));
      if (focus) this.focus();
    } catch (error) {
      if (signal.aborted) return;
      const text = error.status === 404 ? this.words.gone : error.message;
      const notice = h("div", { class: "notice urgent", role: "alert" }, h("p", {}, text));
      this.#put(this.#back(), notice);
    }
  }

  /** Draw what is open as it is now. */
  update(item) {
    this.#put(this.#back(), ...this.draw(item));
  }

  /** Let the heading take the focus. */
  focus() {
    this.element.querySelector("h2").focus({ preventScroll: true });
  }

  #put(...content) {
    this.element.replaceChildren(...content.filter(Boolean));
  }

  #back() {
    const back = h(
      "button",
      { type: "button", class: "button quiet detail-back" },
      icon("arrow-left"),
      this.words.back,
    );
    back.addEventListener("click", this.onBack);
    return back;
  }
}

/** What is known of the open item: `[[term, value], …]`, without those that are false. */
export function facts(...known) {
  return h(
    "dl",
    { class: "detail-facts" },
    known
      .filter(Boolean)
      .map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))),
  );
}
