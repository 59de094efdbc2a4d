import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.desktop;
const SLOW_MS = 250;

/** The time a key needs to the server and back, as the middle of the last five. */
export function lagSign() {
  const text = h("span", { "aria-hidden": "true" });
  const spoken = h("span", { class: "visually-hidden" });
  const box = h("p", { class: "desk-lag numeric", hidden: true }, icon("gauge"), text, spoken);
  let last = [];
  return {
    element: box,
    /** `ms` null: nothing is known any more. */
    show(ms) {
      if (ms === null) last = [];
      else last = [...last, ms].slice(-5);
      box.hidden = last.length === 0;
      if (box.hidden) return;
      const middle = [...last].sort((a, b) => a - b)[Math.floor(last.length / 2)];
      const slow = middle > SLOW_MS;
      box.classList.toggle("slow", slow);
      text.textContent = words.lag(middle);
      spoken.textContent = slow ? words.lagSlow(middle) : words.lagName(middle);
    },
  };
}
