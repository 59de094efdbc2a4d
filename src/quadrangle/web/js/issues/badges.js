import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts } from "./texts.js";

const STATUS_ICONS = { OPEN: "circle", IN_PROGRESS: "circle-dot", RESOLVED: "circle-check" };
const PRIORITY_ICONS = {
  LOW: "arrow-down",
  NORMAL: "minus",
  HIGH: "arrow-up",
  URGENT: "triangle-alert",
};

export function statusIcon(status) {
  return icon(STATUS_ICONS[status] ?? "circle");
}

/** Colour, icon and word of a status. */
export function statusBadge(status) {
  const word = texts.status[status] ?? status;
  return h("span", { class: "badge", dataset: { status } }, statusIcon(status), word);
}

/** Colour, icon and word of a priority. */
export function priorityBadge(priority) {
  const word = texts.priority[priority] ?? priority;
  const sign = icon(PRIORITY_ICONS[priority] ?? "minus");
  return h("span", { class: "badge", dataset: { priority } }, sign, word);
}
