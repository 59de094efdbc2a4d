import { h } from "../../base/dom.js";

/** A card of the page under a heading, which an address can lead to. */
export function part(id, title, ...content) {
  return h(
    "section",
    { class: "card stack manage-part", id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title`, tabindex: "-1" }, title),
    ...content,
  );
}
