import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

const STATUS_ICONS = {
  active: "circle-check",
  invited: "mail",
  unconfirmed: "clock",
  disabled: "user-x",
  closed: "lock",
};

/** Colour, icon and word of how an account stands. */
export function statusBadge(status) {
  return h(
    "span",
    { class: "badge person-status", dataset: { status } },
    icon(STATUS_ICONS[status] ?? "circle"),
    words.statuses[status] ?? status,
  );
}

/** The address of an account; a closed one has an invented one, which tells nobody anything. */
export function shownEmail({ email, status }) {
  return status === "closed" ? words.erasedEmail : email;
}
