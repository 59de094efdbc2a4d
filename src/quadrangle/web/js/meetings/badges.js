import { badge } from "../parts/badge.js";
import { texts } from "./texts.js";

const ICONS = {
  SCHEDULED: "calendar-clock",
  LAUNCHED: "loader",
  DNS_WRITTEN: "loader",
  HEALTHY: "circle-check",
  IN_PROGRESS: "video",
  DEGRADED: "triangle-alert",
  ENDED: "circle-check",
  CANCELLED: "circle-x",
  EXPIRED: "circle-x",
  FAILED: "triangle-alert",
};
const TONES = {
  LAUNCHED: "progress",
  DNS_WRITTEN: "progress",
  HEALTHY: "done",
  IN_PROGRESS: "progress",
  DEGRADED: "urgent",
  ENDED: "quiet",
  CANCELLED: "quiet",
  EXPIRED: "quiet",
  FAILED: "urgent",
};

/** Colour, icon and word of where a meeting is. */
export function statusBadge(status) {
  return badge(texts.status[status] ?? status, {
    iconName: ICONS[status] ?? "circle",
    tone: TONES[status],
    dataset: { status },
  });
}

export const isOver = (status) => ["ENDED", "CANCELLED", "EXPIRED", "FAILED"].includes(status);
