import { clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.before.steps;
const STEPS = ["scheduled", "starting", "ready", "joined"];
const ICONS = { scheduled: "calendar-clock", starting: "loader", ready: "monitor", joined: "video" };
// What the server calls stages, and which step each belongs to.
const STEP_OF = {
  scheduled: "scheduled",
  starting: "starting",
  booting: "starting",
  connecting: "starting",
  checking: "starting",
  "other side": "starting",
  failed: "starting",
  ready: "ready",
  joined: "joined",
};

/** Scheduled, starting, ready, joined: how far the desktop has come. */
export function stageStepper() {
  const element = h("ol", { role: "list", class: "stages", "aria-label": words.label });
  return {
    element,
    show(stage) {
      const current = STEPS.indexOf(STEP_OF[stage] ?? "scheduled");
      clear(element).append(
        ...STEPS.map((step, i) =>
          h(
            "li",
            {
              class: "stage",
              dataset: { state: i < current ? "reached" : i === current ? "current" : "ahead" },
              "aria-current": i === current && "step",
            },
            h("span", { class: "stage-sign" }, icon(i < current ? "check" : ICONS[step])),
            h("span", { class: "stage-name" }, words[step]),
          ),
        ),
      );
    },
  };
}
