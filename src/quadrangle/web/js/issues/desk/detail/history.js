import { clear, h } from "../../../base/dom.js";
import { timeElement } from "../../../base/time.js";
import { sentenceOf } from "./history-words.js";
import { texts } from "../texts.js";

// Every change in people's words, newest first.
export function historyPart(thread) {
  const list = h("ol", { role: "list", class: "history" });

  function update({ history }) {
    if (!history) return;
    clear(list).append(
      ...history
        .toReversed()
        .map((item) =>
          h(
            "li",
            {},
            h("span", {}, h("b", { dir: "auto" }, item.actorName), ` ${sentenceOf(item)}`),
            timeElement(item.at),
          ),
        ),
    );
  }

  update(thread);
  const element = h(
    "section",
    { class: "detail-section", "aria-labelledby": "history-title" },
    h("h3", { id: "history-title" }, texts.detail.history),
    list,
  );
  return { element, update };
}
