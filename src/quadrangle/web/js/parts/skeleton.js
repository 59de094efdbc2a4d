import { h } from "../base/dom.js";

const bar = () => h("span", { class: "skeleton" });

// Rows that stand where a list will be; they show only when it takes longer than people notice.
export function skeletonRows(n = 6) {
  return Array.from({ length: n }, () =>
    h("li", { class: "row-skeleton", "aria-hidden": "true" }, bar(), bar()),
  );
}

/** What stands in a page until it is known what belongs there. */
export function skeletonPage() {
  return h(
    "div",
    { class: "column stack loose", "aria-busy": "true" },
    h("div", { class: "skeleton skeleton-title" }),
    h("div", { class: "skeleton skeleton-block" }),
    h("div", { class: "skeleton skeleton-block" }),
  );
}
