import { priorityBadge } from "../../badges.js";
import { copyButton } from "../../../parts/copy.js";
import { clear, h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { longText } from "../../../parts/clamped.js";
import { timeElement } from "../../../base/time.js";
import { listKey } from "../address.js";
import { dueElement } from "../due.js";
import { texts } from "../texts.js";

const words = texts.detail;

// What and where, since when, until when, and what was written.
export function headPart({ issue: first }, { state, onBack }) {
  const title = h("h2", { id: "detail-title", tabindex: "-1" });
  const facts = h("p", { class: "head-facts" });
  const text = longText("detail-text");
  const back = h(
    "a",
    { class: "button quiet head-back", href: `/desk${listKey(state())}` },
    icon("arrow-left"),
    words.back,
  );
  back.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onBack();
  });
  const copy = copyButton(
    words.copyLink,
    () => `${location.origin}/track?id=${first.issueId}`,
    words.copied,
  );

  function update({ issue }) {
    title.replaceChildren(
      h("span", { dir: "auto" }, issue.issueType),
      h("span", { class: "detail-place", dir: "auto" }, issue.location),
    );
    text.show(issue.description);
    clear(facts).append(
      h(
        "span",
        {},
        `${words.reported} `,
        timeElement(issue.createdAt),
        ` ${words.by(issue.reporterName)}`,
      ),
      issue.priority === "NORMAL" ? "" : priorityBadge(issue.priority),
      dueElement(issue) ?? "",
      h("span", { class: "detail-number", title: issue.issueId }, words.number(issue.issueId)),
    );
  }

  update({ issue: first });
  const element = h(
    "header",
    { class: "detail-head" },
    h("div", { class: "detail-bar" }, back, copy),
    title,
    facts,
    text.element,
  );
  return { element, update };
}
