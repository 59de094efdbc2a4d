import { badge } from "../../parts/badge.js";
import { texts as words } from "./texts.js";

const STATUS_ICONS = {
  active: "circle-check",
  invited: "mail",
  unconfirmed: "clock",
  disabled: "user-x",
  closed: "lock",
};
const STATUS_TONES = {
  active: "done",
  invited: "progress",
  unconfirmed: "progress",
  disabled: "urgent",
};

/** Colour, icon and word of how an account stands. */
export function statusBadge(status) {
  return badge(words.statuses[status] ?? status, {
    iconName: STATUS_ICONS[status] ?? "circle",
    tone: STATUS_TONES[status],
  });
}

/** The address of an account; a closed one has an invented one, which tells nobody anything. */
export function shownEmail({ email, status }) {
  return status === "closed" ? words.erasedEmail : email;
}
