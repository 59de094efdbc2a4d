import { append, clear, h } from "../../base/dom.js";
import { exact } from "../../base/time.js";
import { busy } from "../../parts/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/toast.js";
import { part } from "./part.js";
import { sizeOf } from "./sizes.js";
import { texts } from "./texts.js";

const words = texts.takeHome;

function fetchButton({ generation, size }, many, calls) {
  const label = many ? words.fetchOf(generation, sizeOf(size)) : words.fetch(sizeOf(size));
  const button = h("button", { type: "button", class: "button primary" }, icon("download"), label);
  button.addEventListener("click", () =>
    busy(button, () =>
      calls.fetchKept("take-home", generation).catch((error) => toast(error.message)),
    ),
  );
  return button;
}

function content({ takeHome, mayFetch }, calls) {
  const { state, files, until, isPartial } = takeHome;
  if (state === "none") return h("p", { class: "soft" }, words.packing);
  if (state !== "ready") return h("p", { class: "soft" }, words[state]);
  return [
    mayFetch && h("div", { class: "row" }, files.map((one) => fetchButton(one, files.length > 1, calls))),
    !mayFetch && h("p", { class: "soft" }, words.notYours),
    h("p", { class: "soft" }, words.ready(exact(until))),
    isPartial && h("p", { class: "soft" }, words.partial),
  ];
}

/** What was taken home: an element, and `show(outcome)` for how it is now. */
export function takeHomePart(calls) {
  const place = h("div", { class: "stack tight", "aria-live": "polite" });
  let shown = "";
  return {
    element: part(words.title, place),
    show(outcome) {
      const now = JSON.stringify(outcome.takeHome);
      if (now === shown) return;
      shown = now;
      append(clear(place), content(outcome, calls));
    },
  };
}
