import { badge } from "../parts/badge.js";
import { texts as words } from "./texts.js";

const ICONS = {
  queued: "clock",
  kept: "inbox",
  sent: "check",
  failed: "triangle-alert",
  over: "minus",
};
const TONES = { queued: "progress", sent: "done", failed: "urgent" };

export function stateBadge(state) {
  const word = words.states[state] ?? state;
  return badge(word, { iconName: ICONS[state] ?? "mail", tone: TONES[state] });
}
