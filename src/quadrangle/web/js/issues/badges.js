import { badge } from "../parts/badge.js";
import { icon } from "../parts/icons.js";
import { texts } from "./texts.js";

const STATUS_ICONS = { OPEN: "circle", IN_PROGRESS: "circle-dot", RESOLVED: "circle-check" };
const STATUS_TONES = { IN_PROGRESS: "progress", RESOLVED: "done" };
const PRIORITY_ICONS = {
  LOW: "arrow-down",
  NORMAL: "minus",
  HIGH: "arrow-up",
  URGENT: "triangle-alert",
};
const PRIORITY_TONES = { LOW: "quiet", NORMAL: "quiet", URGENT: "urgent" };

const statusIconName = (status) => STATUS_ICONS[status] ?? "circle";

export function statusIcon(status) {
  return icon(statusIconName(status));
}

/** Colour, icon and word of a status. */
export function statusBadge(status) {
  return badge(texts.status[status] ?? status, {
    iconName: statusIconName(status),
    tone: STATUS_TONES[status],
    dataset: { status },
  });
}

/** Colour, icon and word of a priority. */
export function priorityBadge(priority) {
  return badge(texts.priority[priority] ?? priority, {
    iconName: PRIORITY_ICONS[priority] ?? "minus",
    tone: PRIORITY_TONES[priority],
  });
}
