import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { untilClosed } from "../../parts/overlays/until-closed.js";
import { texts as words } from "./texts.js";

const SHOWN = 20; // faults at once
const { list } = words;

/** Invite everyone on a list; returns whether somebody was invited. */
export async function inviteMany() {
  const file = h("input", { type: "file", accept: ".csv,text/csv" });
  const report = await formDialog(
    {
      title: list.title,
      submit: list.button,
      cancel: words.cancel,
      save: () => send(file.files[0]),
    },
    field(file, { name: "file", label: list.file, hint: list.hint }),
  );
  if (!report) return false;
  await reportDialog(report);
  return report.invited > 0;
}

async function send(chosen) {
  if (!chosen) throw faulty([{ field: "file", message: list.choose }]);
  const body = new Blob([chosen], { type: "text/csv" });
  try {
    return await api.upload("/api/accounts/people/import", body);
  } catch (error) {
    if (!error.errors?.length) throw error;
    throw faulty(told(error.errors));
  }
}

const faulty = (errors) => Object.assign(new Error(), { errors });

function told(errors) {
  const faults = errors.slice(0, SHOWN).map(({ field: line, message }) => ({
    field: null,
    message: list.fault(line, message),
  }));
  const left = errors.length - faults.length;
  return left ? [...faults, { field: null, message: list.more(left) }] : faults;
}

function reportDialog({ invited, known }) {
  const done = h("button", { type: "button", class: "button primary" }, list.done);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "report-title" },
    h("h2", { id: "report-title" }, list.doneTitle),
    h("p", {}, textOfMail(list.invited(invited), list.invitedKept(invited))),
    known.length > 0 && h("p", {}, list.known(known.length)),
    known.length > 0 &&
      h(
        "ul",
        { class: "known-list", tabindex: "0", "aria-labelledby": "report-title" },
        known.map((email) => h("li", {}, email)),
      ),
    h("div", { class: "dialog-foot" }, done),
  );
  done.addEventListener("click", () => dialog.close());
  return untilClosed(dialog);
}
