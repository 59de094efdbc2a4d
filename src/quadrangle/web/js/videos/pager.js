import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts as words } from "./gallery/texts.js";

/** Links to the pages before and after; `href(page)` is the address of one. */
export function pager({ page, totalPages }, href) {
  if (totalPages < 2) return null;
  const link = (to, label, first, last) =>
    to >= 1 && to <= totalPages
      ? h("a", { class: "button", href: href(to), rel: to < page ? "prev" : "next" }, first, label, last)
      : h("span", {});
  return h(
    "nav",
    { class: "pager", "aria-label": words.pages },
    link(page - 1, words.previous, icon("chevron-left"), null),
    h("span", { class: "soft" }, words.page(page, totalPages)),
    link(page + 1, words.next, null, icon("chevron-right")),
  );
}
