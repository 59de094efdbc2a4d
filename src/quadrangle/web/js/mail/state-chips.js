import { h } from "../base/dom.js";
import { count } from "../base/texts.js";
import { STATES } from "./outbox-address.js";
import { texts as words } from "./texts.js";

/** The states to choose from, each with how many mails are in it; `onPick(state)`. */
export class StateChips {
  #chips = new Map();
  #chosen = null;

  constructor(onPick) {
    for (const state of STATES) {
      const number = h("span", { class: "count" });
      const label = [`${words.states[state]} `, number];
      const chip = h("button", { type: "button", class: "chip" }, label);
      chip.addEventListener("click", () => onPick(state));
      this.#chips.set(state, { chip, number });
    }
    const chips = [...this.#chips.values()].map(({ chip }) => chip);
    const label = { role: "group", "aria-label": words.stateFilter };
    this.element = h("div", { class: "mail-chips", ...label }, chips);
  }

  press(chosen) {
    this.#chosen = chosen;
    for (const [state, { chip }] of this.#chips)
      chip.setAttribute("aria-pressed", String(state === chosen));
  }

  /** `counts` is how many there are of each state. */
  show(counts) {
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    for (const [state, { chip, number }] of this.#chips) {
      const n = state === "all" ? all : (counts[state] ?? 0);
      chip.hidden = state === "over" && !n && state !== this.#chosen; // there are seldom any
      // a number alone says nothing to whoever hears it
      const unit = h("span", { class: "visually-hidden" }, ` ${words.unit(n)}`);
      number.replaceChildren(count(n), unit);
    }
  }
}
