import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { badge } from "../../parts/badge.js";
import { draft } from "../../base/drafts.js";
import { busy, clearError, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { linkedText } from "../../parts/linked.js";
import { sendByKeys } from "../../parts/forms/send-keys.js";
import { texts } from "./texts.js";
import { timeElement } from "../../base/time.js";

const words = texts.conversation;
const LONGEST = 5000;

function entry({ entryId, text, authorName, authorRole, at }) {
  const staff = authorRole === "staff";
  return h(
    "li",
    { class: "entry", dataset: { role: authorRole, id: entryId } },
    h(
      "p",
      { class: "entry-head" },
      h("b", { dir: "auto" }, authorName || words.reporter),
      staff && badge(words.staff),
      h("span", { class: "soft small" }, timeElement(at)),
    ),
    h("p", { class: "entry-text", dir: "auto" }, linkedText(text)),
  );
}

function replyForm(issueId, onSent) {
  const drafts = draft(`reply.${issueId}`);
  const area = h("textarea", { id: "reply", rows: 3, value: drafts.load() ?? "" });
  const send = h("button", { class: "button primary", type: "submit" }, icon("send"), words.send);
  const note = h("p", { class: "soft small", hidden: true }, words.asStaff);
  const form = h(
    "form",
    { class: "reply-form stack", novalidate: true },
    field(area, { name: "text", label: words.label, hint: words.hint }),
    note,
    h("div", {}, send),
  );

  async function submit() {
    const text = area.value.trim();
    const over = [...text].length - LONGEST;
    if (!text) return showErrors(form, [{ field: "text", message: words.missing }]);
    if (over > 0) return showErrors(form, [{ field: "text", message: words.tooLong(over) }]);
    try {
      const sent = await api.post(`/api/issues/${encodeURIComponent(issueId)}/replies`, { text });
      area.value = "";
      drafts.clear();
      clearErrors(form);
      announce(words.sent);
      onSent(sent);
    } catch (error) {
      const wait = error.retryAfter ? ` ${words.wait(error.retryAfter)}` : "";
      const kept = error.passing ? ` ${words.kept}` : "";
      const message = `${words.failed} ${error.message}${wait}${kept}`;
      showErrors(form, error.errors?.length ? error.errors : [{ message }]);
    }
    return undefined;
  }

  sendByKeys(area);
  area.addEventListener("input", () => {
    drafts.save(area.value);
    clearError(form, "text");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(send, submit);
  });
  return { form, note };
}

/** What staff and the reporter said, and a box to say more. `onSent` is called after a reply. */
export function conversation(issueId, onSent) {
  const list = h("ol", { role: "list", class: "entries", "aria-label": words.title });
  const empty = h("p", { class: "soft" }, words.empty);
  const { form, note } = replyForm(issueId, onSent);
  const element = h(
    "section",
    { class: "card stack", "aria-labelledby": "conversation-title" },
    h("h2", { id: "conversation-title" }, words.title),
    list,
    empty,
    form,
  );
  return {
    element,
    show(entries) {
      append(clear(list), entries.map(entry));
      list.hidden = entries.length === 0;
      empty.hidden = entries.length > 0;
    },
    asStaff() {
      note.hidden = false;
    },
  };
}
