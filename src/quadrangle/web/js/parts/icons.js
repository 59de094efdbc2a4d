import { s } from "../base/dom.js";

// The icons are put into the page once: a reference to another file would be asked for again with
// every new icon, and fail just when the page has to say that it is offline.
fetch(new URL("../../vendor/icons.svg", import.meta.url))
  .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText))))
  .then((text) => {
    const sprite = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    for (const symbol of sprite.children) symbol.id = `icon-${symbol.id}`;
    sprite.setAttribute("class", "icon-sprite");
    sprite.setAttribute("aria-hidden", "true");
    document.body.prepend(document.importNode(sprite, true));
  })
  .catch(() => document.documentElement.classList.add("no-icons")); // then words stand in

/** An icon of the set in tools/vendor.mjs; it says nothing to screen readers. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", "aria-hidden": "true", focusable: "false", viewBox: "0 0 24 24" },
    s("use", { href: `#icon-${name}` }),
  );
}
