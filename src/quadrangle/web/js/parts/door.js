import { append, clear, h } from "../base/dom.js";

/** A card of the start page that looks again now and then, and draws itself by `refresh()`. */
export class Door extends HTMLElement {
  /** @param {string} name of the element that labels it @param {number} everyMs between looks */
  constructor(name, title, everyMs) {
    super();
    this.name = name;
    this.heading = title;
    this.everyMs = everyMs;
  }

  connectedCallback() {
    this.setAttribute("aria-labelledby", this.name);
    this.setAttribute("role", "region");
    this.refresh();
    this.timer = setInterval(() => document.hidden || this.refresh(), this.everyMs);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  draw(line, ...ways) {
    append(
      clear(this),
      h("h2", { id: this.name }, this.heading),
      h("div", { class: "stack" }, line, h("div", { class: "row" }, ways)),
    );
  }
}
