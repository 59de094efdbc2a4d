import { h } from "../base/dom.js";
import { icon } from "./icons.js";

// Without the icon set a character stands in; words would not fit.
const GLYPHS = {
  x: "×",
  "arrow-up": "↑",
  "arrow-down": "↓",
  "chevron-left": "‹",
  "chevron-right": "›",
  "trash-2": "⌫",
};

// A button that is only an icon; `label` names it for everyone who does not see or know it.
export function iconButton(name, label, className = "button icon-only quiet") {
  const dataset = { glyph: GLYPHS[name] ?? label };
  const props = { type: "button", class: className, dataset, "aria-label": label, title: label };
  return h("button", props, icon(name));
}
