import { statusIcon } from "../badges.js";
import { clear, h } from "../../base/dom.js";
import { texts as common } from "../texts.js";
import { texts } from "./texts.js";
import { timeElement } from "../../base/time.js";

const words = texts.stepper;
const ORDER = ["OPEN", "IN_PROGRESS", "RESOLVED"];

/** When each step that counts now was reached; a reopened issue begins anew. */
export function stepTimes(issue, timeline) {
  const moves = timeline.filter((item) => item.kind === "issue.status-changed");
  const began = moves.findLastIndex((item) => item.new === "OPEN");
  const since = moves.slice(Math.max(began, 0));
  const last = (status) => since.findLast((item) => item.new === status)?.at ?? null;
  return {
    OPEN: last("OPEN") ?? issue.createdAt,
    IN_PROGRESS: last("IN_PROGRESS"),
    RESOLVED: issue.resolvedAt ?? last("RESOLVED"),
  };
}

/** Open, in progress, resolved: where the issue stands, and since when. */
export function stepper() {
  const element = h("ol", { role: "list", class: "stepper", "aria-label": words.label });
  return {
    element,
    show(issue, timeline) {
      const current = ORDER.indexOf(issue.status);
      const times = stepTimes(issue, timeline);
      const steps = ORDER.map((status, i) => {
        const reached = i <= current;
        const skipped = reached && !times[status];
        return h(
          "li",
          {
            class: "step",
            dataset: { status, state: skipped ? "skipped" : reached ? "reached" : "ahead" },
            "aria-current": i === current && "step",
          },
          h("span", { class: "step-sign" }, statusIcon(status)),
          h(
            "span",
            { class: "step-text" },
            h("b", {}, common.status[status]),
            h(
              "span",
              { class: "soft small" },
              reached && times[status]
                ? timeElement(times[status])
                : skipped
                  ? words.skipped
                  : words.ahead,
            ),
          ),
        );
      });
      clear(element).append(...steps);
    },
  };
}
