import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { texts } from "../texts.js";

const words = texts.after;

function page(main, sign, title, text, ...actions) {
  const heading = h("h1", { tabindex: "-1" }, title);
  document.title = common.title(title);
  append(
    clear(main),
    h(
      "div",
      { class: "column" },
      h("div", { class: "empty card" }, icon(sign), heading, h("p", {}, text), actions),
    ),
  );
  heading.focus();
}

/** The meeting is over: why, and what is left of it. */
export function afterPage(main, lobby) {
  const signs = { ENDED: "circle-check", FAILED: "triangle-alert" };
  page(
    main,
    signs[lobby.status] ?? "circle-x",
    words.title[lobby.status] ?? words.title.ENDED,
    lobby.reason ?? "",
    h("a", { class: "button", href: "/meet" }, words.mine),
  );
}

/** The link opens nothing, any more or at all. */
export function noMeeting(main, message) {
  page(
    main,
    "circle-question-mark",
    words.noLink,
    message ?? words.noLinkText,
    h("a", { class: "button", href: "/meet" }, words.mine),
  );
}

/** The meeting cannot be shown just now. */
export function cannotShow(main, error, again) {
  const button = h("button", { type: "button", class: "button primary" }, icon("rotate-ccw"), words.again);
  button.addEventListener("click", again);
  page(main, "wifi-off", words.cannotShow, error.message, button);
}
