import "../device-check.js";
import "../materials/handouts.js";

import { announce, append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { texts } from "../texts.js";
import { countdown, dayOf, inZone, ownZone, span, zoneAt } from "../times.js";
import { stageStepper } from "./stepper.js";

const words = texts.before;
const WAITS = ["starting", "booting", "connecting", "checking", "other side"];

const told = (lobby) => words.of(lobby.workspace, stageLine(lobby));

function stageLine({ stage, reason, etaSeconds, desktopsBegin }) {
  if (stage === "scheduled") return words.scheduled(countdown(desktopsBegin));
  if (stage === "failed") return reason ? words.failedFor(reason) : words.failed;
  if (WAITS.includes(stage)) return words.stages[stage](etaSeconds);
  return words.ready;
}

/**
 * The page before a meeting: when it is, how far its desktop has come, and one button. `launch` is
 * called when it is pressed and resolves to whether one is in; `materials` are materialCalls.
 */
export function beforePage(main, lobby, launch, materials) {
  let now = lobby;
  let stage = "";
  const steps = stageStepper();
  const names = { teacher: lobby.teacherName, student: lobby.studentName };
  const handouts = Object.assign(document.createElement("q-handouts"), {
    role: lobby.role,
    names,
    calls: materials,
  });
  const beginsIn = h("p", { class: "soft" }, words.beginsIn);
  const clock = h("p", { class: "countdown" });
  const line = h("p", { class: "stage-line" });
  const notice = h("div", { class: "notice urgent", role: "alert", hidden: true });
  const button = h(
    "button",
    { type: "button", class: "button primary large" },
    icon("video"),
    words.launch,
  );
  const other = lobby.role === "teacher" ? lobby.studentName : lobby.teacherName;
  const zone = lobby.timeZone !== ownZone && inZone(lobby.meetTime, lobby.timeZone);

  function tick() {
    const started = new Date(now.meetTime) <= Date.now();
    beginsIn.hidden = started;
    clock.textContent = started ? words.now : countdown(now.meetTime);
    line.textContent = told(now);
  }

  function show(fresh) {
    now = fresh;
    if (stage !== fresh.stage) {
      if (stage) announce(told(fresh)); // politely, and only when it is another one
      stage = fresh.stage;
      steps.show(stage);
    }
    handouts.refresh();
    button.disabled = stage === "scheduled" || stage === "failed";
    tick();
  }

  button.addEventListener("click", () =>
    busy(button, async () => {
      notice.hidden = true;
      try {
        await launch(({ stage: reached, eta_seconds: etaSeconds }) => {
          if (words.stages[reached]) line.textContent = told({ ...now, stage: reached, etaSeconds });
        });
      } catch (error) {
        append(clear(notice), icon("triangle-alert"), h("p", {}, error.message));
        notice.hidden = false;
      }
    }),
  );

  document.title = common.title(words.title(other));
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose before" },
      h(
        "header",
        { class: "stack tight" },
        h("h1", { dir: "auto" }, words.title(other)),
        h(
          "p",
          { class: "soft" },
          `${dayOf(lobby.meetTime)}, ${span(lobby.meetTime, lobby.endsAt)} ${zoneAt(lobby.meetTime)}`,
          zone && ` (${zone})`,
        ),
      ),
      h(
        "section",
        { class: "card stack loose", "aria-label": words.steps.label },
        h("div", { class: "stack tight", "aria-hidden": "true" }, beginsIn, clock),
        steps.element,
        line,
        notice,
        button,
        h("p", { class: "hint" }, words.hints[lobby.workspace], lobby.role === "student" && ` ${words.forBoth}`),
      ),
      h("section", { class: "card stack tight", "aria-label": words.files }, handouts),
      lobby.ownRoom &&
        h("section", { class: "card", "aria-label": words.devices }, document.createElement("q-device-check")),
    ),
  );
  show(lobby);
  const timer = setInterval(tick, 1000);
  return { show, stop: () => clearInterval(timer) };
}
