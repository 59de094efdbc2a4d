import { badge } from "../parts/badge.js";
import { lasting } from "./amounts.js";
import { texts } from "./texts.js";

const STATUS_ICONS = {
  uploaded: "hourglass",
  processing: "loader",
  ready: "circle-check",
  failed: "triangle-alert",
};
const TONES = { uploaded: "quiet", processing: "progress", ready: "done", failed: "urgent" };
const VISIBILITY_ICONS = {
  private: "lock",
  shared: "users",
  campus: "building-2",
  unlisted: "link",
  public: "globe",
};

/** Colour, icon and word of how far a video is. */
export function statusBadge(status) {
  return badge(texts.status[status] ?? status, {
    iconName: STATUS_ICONS[status] ?? "circle",
    tone: TONES[status],
    dataset: { status },
  });
}

/** Icon and word of who sees a video. */
export function visibilityBadge(visibility) {
  return badge(texts.visibility[visibility] ?? visibility, {
    iconName: VISIBILITY_ICONS[visibility] ?? "eye",
    tone: "quiet",
    dataset: { visibility },
  });
}

/** How far the making of a video is, as a sentence. */
export function progressWords(progress) {
  const words = texts.progress;
  if (!progress || (!progress.percent && progress.seconds_left === null)) return words.waiting;
  const percent = Math.floor(progress.percent);
  if (progress.seconds_left === null) return words.made(percent);
  return words.madeWithTime(percent, lasting(progress.seconds_left));
}
