import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../base/texts.js";
import { exact } from "../../base/time.js";
import { texts } from "./texts.js";

const HOUR = 3_600_000;

// How long, as short as it is still useful.
function span(ms) {
  if (ms < HOUR) return common.time.minutes(Math.max(1, Math.round(ms / 60_000)));
  if (ms < 48 * HOUR) return common.time.hours(Math.round(ms / HOUR));
  return common.time.days(Math.round(ms / (24 * HOUR)));
}

// In a list only what is due within a day is worth its place.
export const isPressing = (issue, now = Date.now()) =>
  issue.status !== "RESOLVED" && issue.dueAt !== null && Date.parse(issue.dueAt) - now < 24 * HOUR;

// The target time in people's words: brick only while someone must act.
export function dueElement(issue, now = Date.now()) {
  if (!issue.dueAt) return null;
  const due = Date.parse(issue.dueAt);
  if (issue.status === "RESOLVED") {
    const late = Date.parse(issue.resolvedAt) - due;
    const words = late > 0 ? texts.desk.missedTarget(span(late)) : texts.desk.metTarget;
    return mark("due", late > 0 ? "clock" : "check", words, issue.dueAt);
  }
  if (due < now) {
    const words = texts.desk.overdueBy(span(now - due));
    return mark("due late", "circle-alert", words, issue.dueAt);
  }
  return mark("due", "clock", texts.desk.dueIn(span(due - now)), issue.dueAt);
}

function mark(className, iconName, words, iso) {
  const time = h("time", { datetime: iso, title: exact(iso) }, words);
  return h("span", { class: className }, icon(iconName), time);
}
