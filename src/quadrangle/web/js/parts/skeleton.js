import { h } from "../base/dom.js";

const bar = () => h("span", { class: "skeleton" });

// Rows that stand where a list will be; they show only when it takes longer than people notice.
export function skeletonRows(n = 6) {
  return Array.from({ length: n }, () =>
    h("li", { class: "row-skeleton", "aria-hidden": "true" }, bar(), bar()),
  );
}
