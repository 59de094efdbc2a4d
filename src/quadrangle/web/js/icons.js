import { s } from "./dom.js";

/** An icon of the set in tools/vendor.mjs; it says nothing to screen readers. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", "aria-hidden": "true", focusable: "false", viewBox: "0 0 24 24" },
    s("use", { href: `/vendor/icons.svg#${name}` }),
  );
}
