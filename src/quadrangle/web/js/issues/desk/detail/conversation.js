import { h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { longText } from "../../../parts/clamped.js";
import { timeElement } from "../../../base/time.js";
import { texts } from "../texts.js";

const words = texts.detail;

function entryElement({ kind, text, authorName, authorRole, at }) {
  const isNote = kind === "note";
  const body = longText("entry-text");
  body.show(text);
  const who = authorRole === "staff" ? words.fromStaff : words.fromReporter;
  return h(
    "li",
    { class: `entry ${isNote ? "note" : authorRole}` },
    h(
      "p",
      { class: "entry-head" },
      h("b", { dir: "auto" }, authorName),
      h(
        "span",
        { class: "entry-kind" },
        icon(isNote ? "lock" : "message-square"),
        isNote ? words.noteTag : who,
      ),
      timeElement(at),
    ),
    body.element,
  );
}

// What was written, oldest first; internal notes look unlike anything the reporter sees.
export function conversationPart(thread) {
  const list = h("ol", { role: "list", class: "entries" });
  const none = h("p", { class: "soft" }, words.noConversation);
  let shown = 0;

  function update({ conversation }) {
    if (!conversation) return;
    for (const entry of conversation.slice(shown)) list.append(entryElement(entry));
    shown = conversation.length;
    none.hidden = shown > 0;
  }

  none.hidden = true;
  update(thread);
  const element = h(
    "section",
    { class: "detail-section", "aria-labelledby": "conversation-title" },
    h("h3", { id: "conversation-title" }, words.conversation),
    none,
    list,
  );
  return { element, update };
}
