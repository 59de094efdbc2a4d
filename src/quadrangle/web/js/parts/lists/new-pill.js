import { announce, h } from "../../base/dom.js";
import { icon } from "../icons.js";

/**
 * What waits above a list until somebody wants it, so that nothing moves below a finger.
 * `words(n, more)` says how many wait, `more` that they are more than were counted.
 */
export function newPill({ words, onPress }) {
  const label = h("span");
  const props = { type: "button", class: "new-pill", hidden: true };
  const element = h("button", props, icon("arrow-up"), label);
  element.addEventListener("click", onPress);

  function show(n, more = false) {
    const text = n ? words(n, more) : "";
    if (n && label.textContent !== text) announce(text);
    element.hidden = n === 0;
    label.textContent = text;
  }

  return { element, show };
}
