import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { watchAddress } from "../addresses.js";
import { size } from "../amounts.js";
import { progressWords } from "../badges.js";
import { texts as common } from "../texts.js";
import { texts as words } from "./texts.js";

const fact = (...content) => h("span", {}, ...content);

const listRow = (id, name, facts, ...rest) =>
  h(
    "li",
    { class: "queue-row", dataset: { id } },
    h(
      "div",
      { class: "stack tight queue-text" },
      name,
      h("p", { class: "row soft small queue-facts" }, fact(words.numbered(id)), facts),
      rest,
    ),
  );

const person = (name) => h("span", { dir: "auto" }, name);

function row(seen, kind, facts, ...rest) {
  const name = seen.title
    ? h("b", { dir: "auto" }, seen.title)
    : h("b", { class: "soft" }, words.hidden);
  const since = fact(words.since[kind], " ", timeElement(seen.since));
  const all = [person(seen.owner_name), fact(size(seen.file_size)), since, facts];
  return listRow(seen.video_id, name, all, ...rest);
}

function rowButton(symbol, label, text, work) {
  const button = h("button", { type: "button", class: "button quiet", "aria-label": label }, icon(symbol), text);
  button.addEventListener("click", () => busy(button, work));
  return button;
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
  const element = row(
    seen,
    "failed",
    [],
    h("p", { class: "queue-why" }, seen.failure),
    !seen.may_pass && h("p", { class: "soft small" }, words.failed.again),
  );
  element.append(rowButton("rotate-ccw", words.failed.retryOf(name), words.failed.retry, onRetry));
  return element;
}

/** One that staff took down, with its reason; `onBack()` gives it back. */
export function takenDownRow(video, onBack) {
  const { video_id: id, title } = video;
  const element = listRow(
    id,
    h("a", { href: watchAddress({ id }), dir: "auto" }, h("b", {}, title)),
    [person(video.owner_name), fact(words.since.takenDown, " ", timeElement(video.since))],
    h("p", {}, common.takenDown.why, " ", h("span", { dir: "auto" }, video.reason)),
  );
  element.append(rowButton("undo-2", words.takenDown.giveBackOf(title), common.takenDown.giveBack, onBack));
  return element;
}
