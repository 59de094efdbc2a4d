import { append, clear, h } from "../../base/dom.js";
import { span, timeOf } from "../times.js";
import { lengthOf } from "./lengths.js";
import { part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.attendance;

function row({ role, stays, seconds, noShow }, names) {
  const times = stays.map(({ cameAt, leftAt }) =>
    h("span", { class: "stay" }, leftAt ? span(cameAt, leftAt) : words.still(timeOf(cameAt))),
  );
  return h(
    "tr",
    {},
    h("th", { scope: "row", dir: "auto" }, names[role]),
    h("td", {}, noShow ? words.never : times),
    h("td", {}, noShow || stays.length === 0 ? "" : lengthOf(seconds)),
  );
}

/** Who was there, from when to when. */
export function attendancePart(names) {
  const body = h("tbody");
  const head = h(
    "tr",
    {},
    [words.who, words.when, words.long].map((name) => h("th", { scope: "col" }, name)),
  );
  const caption = h("caption", { class: "visually-hidden" }, words.table);
  return {
    element: part(words.title, h("table", { class: "attendance" }, caption, h("thead", {}, head), body)),
    show({ attendance }) {
      append(clear(body), attendance.map((one) => row(one, names)));
    },
  };
}
