import { h } from "../../base/dom.js";

/** A card of the page after a meeting, under a heading. */
export function part(title, ...content) {
  return h(
    "section",
    { class: "card stack outcome-part", "aria-label": title },
    h("h2", { class: "materials-title" }, title),
    content,
  );
}
