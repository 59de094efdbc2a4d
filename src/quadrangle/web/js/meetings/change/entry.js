import { currentAccount, isStaff } from "../../base/account.js";
import { address, api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { textOfMail, trueOfMail } from "../../base/mail-delivery.js";
import { backLink } from "../../parts/back-link.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as common } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { isOver, statusBadge } from "../badges.js";
import { ownSide } from "../sides.js";
import { signInFirst } from "../sign-in-first.js";
import { inZone, ownZone, zoneName } from "../times.js";
import { moveForm } from "./move-form.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const CHANGEABLE = ["SCHEDULED", "LAUNCHED", "DNS_WRITTEN", "HEALTHY"];

const fact = (term, value) => [h("dt", {}, term), h("dd", {}, value)];

async function details(meeting, side) {
  const file = await address(`/api/meetings/${meeting.id}/invitation.ics`, { role: side.role });
  return h(
    "section",
    { class: "card stack" },
    h("div", { class: "row" }, statusBadge(meeting.status)),
    h(
      "dl",
      { class: "facts" },
      fact(words.when, inZone(meeting.meetTime, ownZone)),
      meeting.timeZone !== ownZone &&
        fact(words.place(zoneName(meeting.timeZone)), inZone(meeting.meetTime, meeting.timeZone)),
      fact(words.length, words.minutes(meeting.minutes + meeting.extendedMinutes)),
      fact(words.workspace, words.workspaces[meeting.workspace]),
    ),
    meeting.seriesId && h("p", { class: "row soft" }, icon("rotate-ccw"), words.series),
    !isOver(meeting.status) && h(
      "div",
      { class: "row" },
      side.link && h("a", { class: "button primary", href: side.link }, icon("video"), words.open),
      side.role &&
        h("a", { class: "button", href: file, download: "meeting.ics" }, icon("calendar-plus"), words.calendar),
    ),
  );
}

function overNotice({ endReason }) {
  return h(
    "div",
    { class: "notice" },
    h("p", {}, words.over, endReason && [" ", h("span", { dir: "auto" }, endReason)]),
  );
}

function studentMove(meeting) {
  const refused = meeting.refusals?.move;
  const query = new URLSearchParams({ teacher: meeting.teacherId, instead: meeting.id });
  return h(
    "section",
    { class: "card stack" },
    h("h2", {}, words.move.title),
    h("p", {}, refused ?? (meeting.teacherId ? words.move.student : words.move.asked)),
    meeting.teacherId &&
      !refused &&
      h(
        "div",
        { class: "row" },
        h("a", { class: "button", href: `/book?${query}` }, icon("calendar-clock"), words.move.choose),
      ),
  );
}

/** Ask, do, and show how it is then; what was refused is told where it was asked for. */
function dangerButton({ label, sure, act, done }) {
  const button = h("button", { type: "button", class: "button danger" }, label);
  const trouble = h("div", { class: "trouble" });
  async function run() {
    if (!(await confirmDialog({ text: sure, yes: label, no: words.cancel.keep }))) return;
    try {
      const answer = await act();
      await begin();
      toast(done(answer));
      main.querySelector("h1").focus();
    } catch (error) {
      trouble.replaceChildren(
        h("div", { class: "notice urgent", role: "alert" }, h("p", {}, error.message)),
      );
    }
  }
  button.addEventListener("click", () => busy(button, run));
  return [button, trouble];
}

function cancelCard(meeting, manages) {
  const when = inZone(meeting.meetTime, ownZone);
  const path = `/api/meetings/${meeting.id}`;
  const refused = !manages && meeting.refusals?.cancel;
  if (refused) {
    return h("section", { class: "card stack" }, h("h2", {}, words.cancel.title), h("p", {}, refused));
  }
  return h(
    "section",
    { class: "card stack" },
    h("h2", {}, words.cancel.title),
    h("p", {}, textOfMail(words.cancel.lead, words.cancel.leadKept)),
    h(
      "div",
      { class: "row" },
      dangerButton({
        label: words.cancel.go,
        sure: words.cancel.sure(when),
        act: () => (manages ? api.post(`${path}/cancel`, {}) : api.delete(`${path}/booking`)),
        done: () => words.cancel.done,
      }),
      manages &&
        meeting.seriesId &&
        dangerButton({
          label: words.cancel.rest,
          sure: words.cancel.restSure(when),
          act: () => api.post(`${path}/cancel-following`, {}),
          done: ({ meetings }) => words.cancel.restDone(meetings.length),
        }),
    ),
  );
}

async function show(meeting, account) {
  const side = ownSide(meeting, account);
  const manages = side.role === "teacher" || isStaff(account);
  const name = side.role
    ? words.heading(side.other)
    : words.both(meeting.teacherName, meeting.studentName);
  const open = CHANGEABLE.includes(meeting.status);
  document.title = common.title(name);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink("/meet", words.mine),
        h("h1", { tabindex: "-1", dir: "auto" }, name),
      ),
      await details(meeting, side),
      !open && overNotice(meeting),
      open &&
        (manages
          ? moveForm(meeting, async () => {
              await begin();
              toast(await trueOfMail(words.move.done, words.move.doneKept));
              main.querySelector("h1").focus();
            })
          : studentMove(meeting)),
      open && cancelCard(meeting, manages),
    ),
  );
}

async function begin() {
  document.title = common.title(words.title);
  const account = await currentAccount();
  if (!account) {
    signInFirst(main, { ...words, why: words.signInFirst });
    return;
  }
  const id = new URLSearchParams(location.search).get("id") ?? "";
  await show(await api.get(`/api/meetings/${encodeURIComponent(id)}`), account);
}

append(clear(main), skeletonPage());
begin().catch((error) => pageFailed(main, error));
