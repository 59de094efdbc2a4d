import { h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { watchedBadges, watchersOf } from "./desktop/watched.js";
import { texts } from "./texts.js";

const words = texts.doorway;
const POLL_MS = 2_000;

/**
 * `<q-doorway>` leads to a desktop that has a page of its own, on a machine elsewhere. Used like
 * `<q-desktop>`: `role`, `names`, attribute `person`, `start()`, `stop()`, the same events.
 * `getAddress()` resolves to an address good for one opening, `getControl()` to who watches and
 * who has keyboard and mouse, which no stream tells here.
 */
class Doorway extends HTMLElement {
  role = null;
  names = null;
  getAddress = null;
  getControl = null;
  #timer = null;
  #failure = h("p", { class: "doorway-failed", role: "alert", hidden: true });
  #watched = null;

  connectedCallback() {
    if (this.firstChild) return;
    const person = this.getAttribute("person");
    const takeBack = () => this.dispatchEvent(new CustomEvent("q-take-back"));
    this.#watched = watchedBadges(this.role === "student" ? takeBack : null);
    const name = person ? words.open(person) : words.openOwn;
    const open = h("button", { type: "button", class: "button primary" }, icon("monitor"), name);
    open.addEventListener("click", () => busy(open, () => this.#open()));
    this.append(
      h(
        "div",
        { class: "doorway" },
        h("h2", {}, person ? words.of(person) : words.own),
        h("p", {}, person ? words.hint : words.ownHint),
        open,
        this.#failure,
      ),
      h("div", { class: "desk-bar" }, this.#watched.element),
    );
  }

  disconnectedCallback() {
    this.stop();
  }

  start() {
    if (this.hasAttribute("person") || this.#timer) return;
    this.#look();
    this.#timer = setInterval(() => document.hidden || this.#look(), POLL_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** The tab is opened by the click itself: one that an answer opens would be blocked. */
  async #open() {
    this.#failure.hidden = true;
    const tab = window.open("", "_blank");
    try {
      const address = await this.getAddress();
      if (!tab) throw new Error(words.blocked);
      tab.opener = null;
      tab.location.replace(address);
    } catch (error) {
      tab?.close();
      this.#failure.textContent = error.message;
      this.#failure.hidden = false;
    }
  }

  async #look() {
    try {
      const control = await this.getControl();
      this.#watched.show(watchersOf(control, { role: this.role, names: this.names }));
      this.dispatchEvent(new CustomEvent("q-control", { detail: control }));
    } catch {
      // the next look tells; that the meeting is over the page itself finds out
    }
  }
}

customElements.define("q-doorway", Doorway);
