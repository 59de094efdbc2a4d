import { badge } from "../../parts/badge.js";
import { texts } from "./texts.js";

const ICONS = { members: "users", campus: "building-2", public: "globe" };

/** Icon and word of who sees a course. */
export function opennessBadge(openness) {
  return badge(texts.openness[openness] ?? openness, {
    iconName: ICONS[openness] ?? "eye",
    tone: "quiet",
    dataset: { openness },
  });
}
