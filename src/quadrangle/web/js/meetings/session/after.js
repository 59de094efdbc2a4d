import { append, clear, h } from "../../base/dom.js";
import { attendancePart } from "../materials/attendance.js";
import { filmsPart } from "../materials/films.js";
import { keptChatPart } from "../materials/kept-chat.js";
import { keptFilesPart } from "../materials/kept-files.js";
import { notePart } from "../materials/note.js";
import { takeHomePart } from "../materials/take-home.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { texts } from "../texts.js";

const words = texts.after;
const SOON_MS = 2_500;
const LATER_MS = 15_000; // a note comes when the teacher has written it

function page(main, sign, title, text, ...actions) {
  const heading = h("h1", { tabindex: "-1" }, title);
  const column = h(
    "div",
    { class: "column stack loose" },
    h("div", { class: "empty card" }, icon(sign), heading, text ? [h("p", {}, text)] : [], actions),
  );
  document.title = common.title(title);
  append(clear(main), column);
  heading.focus();
  return column;
}

/** What came of a meeting that somebody joined, below what `column` holds; kept up to date while
 * something of it is still being made. */
function outcomeParts(column, first, calls) {
  const names = { teacher: first.teacherName, student: first.studentName };
  const home = takeHomePart(calls);
  const films = filmsPart(names, calls, refresh);
  const attended = attendancePart(names);
  const note = h("div", {}, notePart(first, names, calls));
  let timer = 0;

  function show(outcome) {
    for (const each of [home, films, attended]) each.show(outcome);
    if (!outcome.mayNote) append(clear(note), notePart(outcome, names, calls));
    note.hidden = !note.firstChild;
    clearTimeout(timer);
    const waits = outcome.takeHome.state === "none" || films.waits(outcome);
    if (waits) timer = setTimeout(refresh, SOON_MS);
    else if (!outcome.mayNote) timer = setTimeout(refresh, LATER_MS);
  }

  async function refresh() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", refresh, { once: true });
      return;
    }
    try {
      show(await calls.outcome());
    } catch {
      timer = setTimeout(refresh, 4 * SOON_MS);
    }
  }

  const files = keptFilesPart(first, calls);
  const chat = keptChatPart(first, names, calls);
  append(column, home.element, files, films.element, note, chat, attended.element);
  show(first);
}

/** The meeting is over: why, and what is left of it. `calls` are materialCalls. */
export async function afterPage(main, lobby, calls) {
  const signs = { ENDED: "circle-check", FAILED: "triangle-alert" };
  const column = page(
    main,
    signs[lobby.status] ?? "circle-x",
    words.title[lobby.status] ?? words.title.ENDED,
    lobby.reason === words.plain ? "" : (lobby.reason ?? ""),
    h("a", { class: "button", href: "/meet" }, words.mine),
  );
  try {
    const outcome = await calls.outcome();
    if (outcome.joinedAt) outcomeParts(column, outcome, calls);
  } catch (error) {
    append(column, h("div", { class: "notice urgent", role: "alert" }, icon("triangle-alert"), h("p", {}, error.message)));
  }
}

/** A meeting by its address alone, for whoever is signed in: what came of it. */
export async function recordPage(main, calls) {
  try {
    const outcome = await calls.outcome();
    if (!words.title[outcome.status]) return noMeeting(main, words.notOver);
    return await afterPage(main, { status: outcome.status, reason: outcome.endReason }, calls);
  } catch (error) {
    return noMeeting(main, error.message);
  }
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
