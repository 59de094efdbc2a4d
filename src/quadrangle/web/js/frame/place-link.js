import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";

const here = location.pathname.replace(/\.html$/, "").replace(/^\/index$/, "/") || "/";

/** Whether the page that is shown has this path. */
export const isHere = (path) => path === here;

/** A link to a place, which says when one is there or on a page that belongs to it. */
export function placeLink({ path, icon: name, label, pages = [] }, className) {
  const current = (isHere(path) && "page") || (pages.some(isHere) && "true");
  return h("a", { href: path, class: className, "aria-current": current }, icon(name), label);
}
