import { append, clear, h } from "../../../base/dom.js";
import { timeElement } from "../../../base/time.js";
import { sentenceOf } from "./history-words.js";
import { texts } from "../texts.js";

const words = texts.detail;
const LAST = 4;
const AT_LEAST_FOLDED = 2; // a fold for less would hide what takes no more room than itself

function line(item) {
  return h(
    "li",
    {},
    h("span", {}, h("b", { dir: "auto" }, item.actorName), ` ${sentenceOf(item)}`),
    timeElement(item.at),
  );
}

// Every change in people's words, newest first: the last few, and all of them on demand.
export function historyPart(thread) {
  const list = h("ol", { role: "list", class: "history", id: "history-list" });
  const more = h("button", {
    type: "button",
    class: "button quiet show-all",
    "aria-controls": "history-list",
    "aria-expanded": "false",
    hidden: true,
  });
  let all = false;
  let shown = [];

  function draw() {
    const folds = shown.length >= LAST + AT_LEAST_FOLDED;
    const newestFirst = shown.toReversed();
    append(clear(list), newestFirst.slice(0, folds && !all ? LAST : shown.length).map(line));
    more.hidden = !folds;
    more.textContent = all ? words.historyLess : words.historyAll(shown.length);
    more.setAttribute("aria-expanded", String(all));
  }

  more.addEventListener("click", () => {
    all = !all;
    draw();
  });

  function update({ history }) {
    if (!history) return;
    shown = history;
    draw();
  }

  update(thread);
  const element = h(
    "section",
    { class: "detail-section", "aria-labelledby": "history-title" },
    h("h3", { id: "history-title" }, words.history),
    list,
    more,
  );
  return { element, update };
}
