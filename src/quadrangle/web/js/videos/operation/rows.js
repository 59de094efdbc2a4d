import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { busy } from "../../parts/forms.js";
import { icon } from "../../parts/icons.js";
import { size } from "../amounts.js";
import { progressWords } from "../badges.js";
import { texts as words } from "./texts.js";

const fact = (...content) => h("span", {}, ...content);

function row(seen, kind, facts, ...rest) {
  const name = seen.title
    ? h("b", { dir: "auto" }, seen.title)
    : h("b", { class: "soft" }, words.hidden);
  return h(
    "li",
    { class: "queue-row", dataset: { id: seen.video_id } },
    h(
      "div",
      { class: "stack tight queue-text" },
      name,
      h(
        "p",
        { class: "row soft small queue-facts" },
        fact(words.numbered(seen.video_id)),
        h("span", { dir: "auto" }, seen.owner_name),
        fact(size(seen.file_size)),
        fact(words.since[kind], " ", timeElement(seen.since)),
        ...facts,
      ),
      ...rest,
    ),
  );
}

export function runningRow(seen) {
  const { progress } = seen;
  const again = seen.again_at && fact(words.againAt, " ", timeElement(seen.again_at));
  return row(
    seen,
    "running",
    [seen.tries > 1 && fact(words.tries(seen.tries)), again],
    !again && h("p", { class: "small" }, progressWords(progress)),
    !again &&
      h("progress", {
        class: "bar",
        max: 100,
        value: progress?.percent ?? 0,
        "aria-label": words.numbered(seen.video_id),
      }),
  );
}

export function waitingRow(seen, turn) {
  return row(seen, "waiting", [fact(words.waiting.turn(turn))]);
}

/** One that failed, with its reason; `onRetry()` has it tried again. */
export function failedRow(seen, onRetry) {
  const name = seen.title ?? words.numbered(seen.video_id);
  const retry = h(
    "button",
    { type: "button", class: "button quiet", "aria-label": words.failed.retryOf(name) },
    icon("rotate-ccw"),
    words.failed.retry,
  );
  retry.addEventListener("click", () => busy(retry, onRetry));
  const element = row(
    seen,
    "failed",
    [],
    h("p", { class: "queue-why" }, seen.failure),
    !seen.may_pass && h("p", { class: "soft small" }, words.failed.again),
  );
  element.append(retry);
  return element;
}
