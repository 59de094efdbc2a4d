import { h } from "../base/dom.js";
import { icon } from "./icons.js";

/** The line above a page's heading that leads back to where the page belongs. */
export function backLink(href, label) {
  return h("p", {}, h("a", { href, class: "back" }, icon("chevron-left"), label));
}
