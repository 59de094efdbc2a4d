import { h } from "../../base/dom.js";
import { texts } from "../../parts/texts.js";

const main = document.querySelector("#main");

/** Show a page of one narrow column; its heading gets the focus when another was shown before. */
export function showPage(title, ...content) {
  const heading = h("h1", { tabindex: "-1" }, title);
  const again = main.querySelector("h1") !== null;
  main.replaceChildren(h("div", { class: "column narrow" }, heading, ...content.filter(Boolean)));
  document.title = texts.title(title);
  if (again) heading.focus();
}

/** The token of a mailed link, which stands behind `#` to stay out of logs; null without one. */
export function linkToken() {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}

/** Take the token out of the address once it is used up. */
export function dropToken() {
  history.replaceState(null, "", location.pathname + location.search);
}
