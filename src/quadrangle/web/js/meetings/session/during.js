import "../control-panel.js";
import "../materials/handouts.js";
import "../materials/recorder.js";

import { announce, append, clear, h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { roomCalls } from "../room/calls.js";
import { texts } from "../texts.js";
import { countdown } from "../times.js";
import { workspaces } from "./workspaces.js";

const words = texts.session;
const EXTEND_MINUTES = 15;

function presence(lobby) {
  const other = lobby.role === "teacher" ? "student" : "teacher";
  const name = other === "teacher" ? lobby.teacherName : lobby.studentName;
  const here = lobby.present[other].desktop || lobby.present[other].room;
  return { name, here };
}

/** The video room beside the desktop: ours, or the one on a Jitsi server. */
async function roomOf(lobby, link, calls) {
  if (!lobby.ownRoom) {
    await import("../jitsi-room.js");
    return Object.assign(document.createElement("q-jitsi-room"), {
      getRoom: calls.jitsiRoom,
      address: lobby.jitsiUrl,
    });
  }
  await import("../room.js");
  const room = document.createElement("q-room");
  const names = { teacher: lobby.teacherName, student: lobby.studentName };
  return Object.assign(room, { role: lobby.role, names, calls: roomCalls(link) });
}

/** What a button of the bar says, also where there is room for its sign alone. */
const word = (text) => h("span", { class: "bar-word" }, text);

/** The files of the meeting, behind a button of the bar. */
function filesDialog(handouts) {
  const close = h("button", { type: "button", class: "button" }, words.close);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": words.files },
    handouts,
    h("div", { class: "dialog-foot" }, close),
  );
  const button = h("button", { type: "button", class: "button" }, icon("paperclip"), word(words.files));
  close.addEventListener("click", () => dialog.close());
  button.addEventListener("click", () => dialog.showModal());
  return { button, dialog };
}

/**
 * The session: the desktop large, the room beside it, one bar below. `calls` are the side's calls,
 * `first` the address of the stream that joining gave.
 */
export async function duringPage(main, lobby, link, calls, first) {
  let now = lobby;
  let warned = null;
  const [desks, room] = await Promise.all([
    workspaces(lobby, calls, first),
    roomOf(lobby, link, calls),
  ]);
  const who = h("p", { class: "session-who", role: "status" });
  const left = h("p", { class: "session-left" });
  const warning = h("div", { class: "notice progress", role: "status", hidden: true });
  const twice = h(
    "div",
    { class: "notice urgent", role: "status", hidden: true },
    icon("triangle-alert"),
    h("p", {}, words.openTwice),
  );
  const failure = h("div", { class: "notice urgent", role: "alert", hidden: true });
  const teaches = lobby.role === "teacher";
  const own = { role: lobby.role, names: { teacher: lobby.teacherName, student: lobby.studentName } };
  const handouts = Object.assign(document.createElement("q-handouts"), { ...own, calls: calls.materials });
  const recorder = Object.assign(document.createElement("q-recorder"), { ...own, calls: calls.materials });
  const files = filesDialog(handouts);
  const light = h(
    "span",
    { class: "session-recording", hidden: true },
    h("span", { class: "recorder-light", "aria-hidden": "true" }),
    words.recording,
  );
  const record = lobby.workspace === "desktop" &&
    h("button", { type: "button", class: "button" }, icon("circle-dot"), word(words.record));
  if (record) {
    record.addEventListener("click", () => recorder.ask());
    recorder.addEventListener("q-recording", ({ detail: { active } }) => {
      record.disabled = Boolean(active);
      light.hidden = !["running", "stopping"].includes(active?.state);
    });
  }
  const extend = h("button", { type: "button", class: "button" }, icon("clock"), word(words.extend));
  const end = h("button", { type: "button", class: "button danger" }, icon("log-out"), h("span", {}, words.endShort, word(words.endRest)));

  async function act(button, work) {
    failure.hidden = true;
    await busy(button, async () => {
      try {
        await work();
      } catch (error) {
        append(clear(failure), icon("triangle-alert"), h("p", {}, error.message));
        failure.hidden = false;
      }
    });
  }

  extend.addEventListener("click", () =>
    act(extend, async () => {
      await calls.extend(Math.min(EXTEND_MINUTES, now.canExtend));
      announce(words.extended);
    }),
  );
  end.addEventListener("click", async () => {
    const sure = await confirmDialog({ text: words.endSure, yes: words.end, no: words.stay });
    if (sure) act(end, calls.end);
  });

  function tick() {
    left.textContent = words.left(countdown(now.endsAt));
  }

  function show(fresh) {
    now = fresh;
    const { name, here } = presence(fresh);
    const text = here ? words.isHere(name) : words.isAway(name);
    if (who.textContent !== text) who.textContent = text;
    extend.hidden = !teaches || fresh.canExtend < 1;
    extend.lastChild.textContent = words.extendBy(Math.min(EXTEND_MINUTES, fresh.canExtend));
    twice.hidden = fresh.present[fresh.role].own < 2;
    warning.hidden = !fresh.warning;
    if (fresh.warning && warned !== fresh.warning) {
      append(clear(warning), icon("clock"), h("p", {}, fresh.warning));
      warned = fresh.warning;
    }
    handouts.refresh();
    recorder.refresh();
    tick();
  }

  document.title = common.title(words.title(presence(lobby).name));
  document.body.classList.add("in-session");
  append(
    clear(main),
    h(
      "div",
      { class: "session" },
      h("h1", { class: "visually-hidden" }, words.title(presence(lobby).name)),
      h("div", { class: "session-notices" }, warning, twice, failure, recorder, desks.panel),
      desks.element,
      h("aside", { class: "session-room", "aria-label": words.room }, room),
      h("div", { class: "session-bar" }, who, light, left, files.button, record, teaches && extend, teaches && end),
      files.dialog,
    ),
  );
  show(lobby);
  desks.start();
  room.start();
  const timer = setInterval(tick, 1000);
  return {
    show,
    stop() {
      clearInterval(timer);
      desks.stop();
      room.stop();
      document.body.classList.remove("in-session");
    },
  };
}
