import { api } from "../../../base/api.js";
import { announce, h } from "../../../base/dom.js";
import { draft } from "../../../base/drafts.js";
import { textOfMail } from "../../../base/mail-delivery.js";
import { busy, field, showErrors, clearErrors } from "../../../parts/forms/forms.js";
import { icon } from "../../../parts/icons.js";
import { sendByKeys } from "../../../parts/forms/send-keys.js";
import { texts } from "../texts.js";

const words = texts.detail;
const LONGEST = 5_000;

const KINDS = {
  reply: {
    path: "replies",
    iconName: "send",
    title: words.replyTitle,
    label: words.replyLabel,
    button: words.sendReply,
    done: words.replySent,
    look: "primary",
  },
  note: {
    path: "notes",
    iconName: "lock",
    title: words.noteTitle,
    label: words.noteLabel,
    button: words.saveNote,
    done: words.noteSaved,
    look: "",
  },
};

// Two forms that cannot be taken for each other. Each has a text and a draft of its own, and none
// turns into the other, so that a note never ends in a reply.
export function composers(thread, context) {
  const element = h(
    "div",
    { class: "composers" },
    composer("reply", thread.issue, context),
    composer("note", thread.issue, context),
  );
  return { element };
}

// What it says stands in `aria-keyshortcuts` of the field, too.
function keysHint() {
  const keys = ["Ctrl", "Enter"].map((key) => h("kbd", {}, key));
  return h("span", { class: "composer-keys only-wide", "aria-hidden": "true" }, keys);
}

function composer(kind, issue, { reload }) {
  const { path, iconName, title, label, button: buttonText, done, look } = KINDS[kind];
  const kept = draft(`${kind}.${issue.issueId}`);
  const input = h("textarea", { rows: 2, maxlength: LONGEST, value: kept.load() ?? "" });
  const send = h("button", { type: "submit", class: `button ${look}` }, icon(iconName), buttonText);
  const readers = kind === "note" ? words.noteReaders : replyReaders(issue);
  const titleId = `compose-${kind}`;
  sendByKeys(input);
  const text = field(input, { name: "text", label, hint: readers });
  const form = h(
    "form",
    { class: `composer ${kind}`, "aria-labelledby": titleId, novalidate: true },
    h("h3", { id: titleId }, icon(kind === "note" ? "lock" : "message-square"), title),
    text,
    h("div", { class: "composer-foot" }, keysHint(), send),
  );
  input.addEventListener("input", () => kept.save(input.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(send, async () => {
      try {
        await api.post(`/api/issues/${issue.issueId}/${path}`, { text: input.value });
        input.value = "";
        kept.clear();
        clearErrors(form);
        announce(done);
        await reload();
      } catch (error) {
        showErrors(
          form,
          error.errors?.length ? error.errors : [{ field: "text", message: error.message }],
        );
      }
    });
  });
  return form;
}

function replyReaders({ reporterEmail }) {
  const sent = words.replyReaders(reporterEmail);
  return reporterEmail ? textOfMail(sent, words.replyReadersKept) : sent;
}
