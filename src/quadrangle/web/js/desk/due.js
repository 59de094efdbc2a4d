import { h } from "../dom.js";
import { icon } from "../icons.js";
import { exact, hours } from "../time.js";
import { texts } from "./texts.js";

const HOUR = 3_600_000;

export function isOverdue(issue, now = Date.now()) {
  return issue.status !== "RESOLVED" && issue.dueAt !== null && Date.parse(issue.dueAt) < now;
}

// The target time in people's words: brick only while someone must act.
export function dueElement(issue, now = Date.now()) {
  if (!issue.dueAt) return null;
  const due = Date.parse(issue.dueAt);
  if (issue.status === "RESOLVED") {
    const late = (Date.parse(issue.resolvedAt) - due) / HOUR;
    const words = late > 0 ? texts.desk.missedTarget(hours(late)) : texts.desk.metTarget;
    return mark("due", late > 0 ? "clock" : "check", words, issue.dueAt);
  }
  if (due < now) {
    const words = texts.desk.overdueBy(hours((now - due) / HOUR));
    return mark("due late", "circle-alert", words, issue.dueAt);
  }
  return mark("due", "clock", texts.desk.dueIn(hours((due - now) / HOUR)), issue.dueAt);
}

function mark(className, iconName, words, iso) {
  const time = h("time", { datetime: iso, title: exact(iso) }, words);
  return h("span", { class: className }, icon(iconName), time);
}
