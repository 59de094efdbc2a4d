import { address, api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { inZone, ownZone } from "../times.js";
import { texts } from "./texts.js";

const words = texts.confirm;

function fact(term, value) {
  return [h("dt", {}, term), h("dd", { dir: "auto" }, value)];
}

function workspaceChoice(offered) {
  if (offered.length < 2) return null;
  return h(
    "fieldset",
    { class: "field" },
    h("legend", {}, words.workspace),
    offered.map((each, index) =>
      h(
        "label",
        { class: "check" },
        h("input", { type: "radio", name: "workspace", value: each, checked: index === 0 }),
        words.workspaceNames[each],
      ),
    ),
  );
}

/** Until when it can be moved and cancelled; what is too late already is said to be final. */
function deadlines(slot, { movingNotice, cancellingNotice }) {
  const left = (Date.parse(slot.startsAt) - Date.now()) / 60_000;
  const moves = left > movingNotice && words.span(movingNotice);
  const cancels = left > cancellingNotice && words.span(cancellingNotice);
  if (moves && cancels) return h("p", { class: "hint" }, words.rules(moves, cancels));
  const sentence =
    !moves && !cancels ? words.final : moves ? words.onlyMoves(moves) : words.onlyCancels(cancels);
  return h("div", { class: "notice progress" }, h("p", {}, sentence));
}

/**
 * What is about to be taken, to be looked at once more. `found` is the teacher's hours with the one
 * slot; `instead` the meeting that moves there. `onTaken(message)` hears that it is gone.
 */
export function confirmPage(main, { found, slot, instead, onTaken }) {
  const title = instead ? words.moveTitle : words.title;
  const choices = instead ? null : workspaceChoice(found.rules.workspaces);
  const known = instead ? instead.workspace : !choices && found.rules.workspaces[0];
  const go = h(
    "button",
    { type: "submit", class: "button primary" },
    icon("check"),
    instead ? words.move : words.go,
  );
  const back = new URLSearchParams({ teacher: found.teacherId });
  if (instead) back.set("instead", instead.id);
  const trouble = h("div", {});
  const form = h(
    "form",
    { class: "card stack" },
    h(
      "dl",
      { class: "facts" },
      fact(words.with, found.teacherName),
      fact(words.when, inZone(slot.startsAt, ownZone)),
      found.timeZone !== ownZone &&
        fact(words.theirs(found.teacherName), inZone(slot.startsAt, found.timeZone)),
      fact(words.length, texts.minutes(found.minutes)),
      known && fact(words.workspaceTerm, texts.workspaces[known]),
    ),
    choices,
    deadlines(slot, found.rules),
    trouble,
    h("div", { class: "row" }, go, h("a", { class: "button", href: `/book?${back}` }, words.other)),
  );

  async function send() {
    const wanted = form.querySelector("[name=workspace]:checked")?.value;
    const startsAt = slot.startsAt;
    try {
      const meeting = instead
        ? await api.put(`/api/meetings/${instead.id}/booking`, { startsAt, version: instead.version })
        : await api.post(`/api/meetings/teachers/${found.teacherId}/bookings`, {
            startsAt,
            workspace: wanted,
          });
      await donePage(main, meeting, Boolean(instead));
    } catch (error) {
      if (error.status === 409 && (await onTaken())) return;
      const notice = h("div", { class: "notice urgent", role: "alert" }, h("p", {}, error.message));
      trouble.replaceChildren(notice);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, send);
  });
  document.title = common.title(title);
  append(clear(main), h("div", { class: "column stack loose" }, h("h1", {}, title), form));
}

async function donePage(main, meeting, moved) {
  const done = texts.done;
  const title = moved ? done.movedTitle : done.title;
  const heading = h("h1", { tabindex: "-1" }, title);
  const file = await address(`/api/meetings/${meeting.id}/invitation.ics`, { role: "student" });
  const link = meeting.studentLink && new URL(meeting.studentLink, location.href).href;
  // what was taken is not taken again by going back or loading again
  history.replaceState(null, "", `/change-meeting?id=${meeting.id}`);
  document.title = common.title(title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        h("span", { class: "done-mark" }, icon("circle-check")),
        heading,
        h("p", {}, done.when(meeting.teacherName, inZone(meeting.meetTime, ownZone))),
      ),
      h(
        "section",
        { class: "card stack" },
        h("h2", {}, done.next),
        h("ol", { class: "next-steps" }, done.steps(meeting.workspace).map(toStep)),
      ),
      h(
        "div",
        { class: "row" },
        link && h("a", { class: "button primary", href: link }, icon("video"), done.open),
        h("a", { class: "button", href: file, download: "meeting.ics" }, icon("calendar-plus"), done.calendar),
        h("a", { class: "button", href: `/change-meeting?id=${meeting.id}` }, done.change),
        h("a", { class: "button quiet", href: "/meet" }, done.mine),
      ),
    ),
  );
  heading.focus();
  scrollTo(0, 0);
}

// A step is one text, or two: with a mail server, and without.
const toStep = (step) => h("li", {}, Array.isArray(step) ? textOfMail(...step) : step);
