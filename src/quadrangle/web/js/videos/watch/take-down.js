import { isStaff, rememberedAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath, watchLink } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.takeDown;

/** What somebody does who thinks that a video should not be there: staff acts, others report it. */
export function objection(video, key) {
  const account = rememberedAccount();
  // administrators may change every video: those of others they take down with a reason
  if (account && account.accountId === video.user_id) return null;
  if (isStaff(account)) return video.taken_down ? null : takeDownButton(video, key);
  return video.mine ? null : reportLink(video);
}

function reportLink(video) {
  const text = words.reported(video.title, watchLink({ id: video.id }));
  // what and where are known: nothing is broken at a place, and "Other" is in every campus's list
  const query = new URLSearchParams({ type: "Other", location: words.place, text, step: "what" });
  return h("a", { class: "button quiet", href: `/report?${query}` }, icon("flag"), words.report);
}

function takeDownButton(video, key) {
  const button = h("button", { type: "button", class: "button quiet" }, icon("eye-off"), words.title);
  button.addEventListener("click", async () => {
    const done = await ask(video, key);
    if (!done) return;
    toast(done);
    location.assign("/watch");
  });
  return button;
}

function ask(video, key) {
  const reason = h("textarea", { rows: 4, maxlength: 1000 });
  const gone = h("input", { type: "checkbox", name: "delete" });
  return formDialog(
    {
      title: words.title,
      submit: words.submit,
      cancel: words.cancel,
      danger: true,
      save: async () => {
        const path = `${videoPath(video.id)}/take-down`;
        const body = { reason: reason.value, delete: gone.checked };
        await api.post(path, body, { query: key ? { key } : undefined });
        return gone.checked ? words.deleted : words.hidden;
      },
    },
    field(reason, { name: "reason", label: words.reason, hint: textOfMail(words.hint, words.hintKept) }),
    h("label", { class: "check" }, gone, words.alsoDelete),
  );
}
