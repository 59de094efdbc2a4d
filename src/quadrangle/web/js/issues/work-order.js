import { h } from "../base/dom.js";
import { exact } from "../base/time.js";
import { numberOf } from "./numbers.js";
import { texts } from "./texts.js";

const words = texts.workOrder;
const LINES = 5;

/**
 * What a printed report begins with: which one it is, and where it is found again. For staff that
 * is the desk: who finds the paper is not to answer for the reporter.
 */
export function workHead({ issueId }, { forStaff = false } = {}) {
  const address = forStaff
    ? `/desk?${new URLSearchParams({ issue: issueId })}`
    : `/track?${new URLSearchParams({ id: issueId })}`;
  const link = new URL(address, location.href).href;
  const printed = h("span", {});
  addEventListener("beforeprint", () => {
    printed.textContent = words.printed(exact(new Date().toISOString()));
  });
  return h(
    "div",
    { class: "work-head only-print" },
    h("p", {}, h("b", {}, words.title(numberOf(issueId))), " · ", printed),
    h("p", { class: "small" }, link),
  );
}

/** Lines to write on, below a printed report. */
export function workNotes() {
  return h(
    "div",
    { class: "work-notes only-print" },
    h("h3", {}, words.notes),
    Array.from({ length: LINES }, () => h("p", {})),
    h("div", { class: "work-done" }, h("span", {}, words.doneOn), h("span", {}, words.doneBy)),
  );
}
