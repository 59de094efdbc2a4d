import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { showPage } from "./page.js";

/** A page that says how something came out, with the way on: `ways` are `{href, text}`. */
export function showMessage({ title, iconName, text, ways = [] }) {
  const links = ways.map(({ href, text: label }, i) =>
    h("a", { class: i ? "button" : "button primary", href }, label),
  );
  showPage(
    title,
    h(
      "div",
      { class: "card stack" },
      h("p", { class: "row message" }, iconName && icon(iconName), h("span", {}, text)),
      links.length > 0 && h("div", { class: "row" }, links),
    ),
  );
}
