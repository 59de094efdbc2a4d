import { append, clear, h } from "../../base/dom.js";
import { exact } from "../../base/time.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { part } from "./part.js";
import { sizeOf } from "./sizes.js";
import { texts } from "./texts.js";

const words = texts.takeHome;

function labelOf({ role: of, generation, size }, { files, role, teacherName, studentName }) {
  const many = files.filter((each) => each.role === of).length > 1;
  const whose = of === role ? words.own : words.of(of === "teacher" ? teacherName : studentName);
  return words.fetch(whose, many ? generation : 0, sizeOf(size));
}

function fetchButton(file, outcome, calls) {
  const label = labelOf(file, { ...outcome, files: outcome.takeHome.files });
  const button = h("button", { type: "button", class: "button primary" }, icon("download"), label);
  button.addEventListener("click", () =>
    busy(button, () =>
      calls.fetchKept("take-home", file.name).catch((error) => toast(error.message)),
    ),
  );
  return button;
}

function unreadList(unread) {
  return unread.map((home) =>
    h("p", { class: "soft" }, words.unread(words.sides[home.role], home.generation, home.reason)),
  );
}

function content(outcome, calls) {
  const { mayFetch, role } = outcome;
  const { state, files, until, isPartial, unread } = outcome.takeHome;
  if (state === "none") return h("p", { class: "soft" }, words.packing);
  if (state !== "ready") return [h("p", { class: "soft" }, words[state]), unreadList(unread)];
  return [
    mayFetch && h("div", { class: "row" }, files.map((one) => fetchButton(one, outcome, calls))),
    !mayFetch && h("p", { class: "soft" }, words.notYours),
    h("p", { class: "soft" }, words.ready(exact(until))),
    role === "student" && h("p", { class: "soft" }, words.forBoth),
    isPartial && h("p", { class: "soft" }, words.partial),
    unreadList(unread),
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
