import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field, showErrors } from "../../parts/forms/forms.js";
import { myReports } from "../my-reports.js";
import { numberIn, numberOf } from "../numbers.js";
import { texts } from "./texts.js";

const words = texts.find;
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** The id in what someone pasted, be it the id, a link or a line of mail; null when there is none. */
export function findId(text) {
  return text.match(ID)?.[0].toLowerCase() ?? null;
}

export function trackAddress(issueId) {
  return `/track?${new URLSearchParams({ id: issueId })}`;
}

/** The id of a report of that number which this device keeps or the account has; null for none. */
async function ownReport(number) {
  const kept = myReports().find(({ issueId }) => numberOf(issueId) === number);
  if (kept || !(await currentAccount().catch(() => null))) return kept?.issueId ?? null;
  const { issues } = await api.get("/api/issues/mine?limit=100").catch(() => ({ issues: [] }));
  return issues.find(({ issueId }) => numberOf(issueId) === number)?.issueId ?? null;
}

function fault(typed, number) {
  if (number) return words.number;
  return typed.trim() ? words.wrong : words.none;
}

/** A box to open a report by its id; `primary` where that is what the page is for. */
export function findForm({ primary = false } = {}) {
  const input = h("input", {
    id: "track-id",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 2000,
  });
  const form = h(
    "form",
    { class: "find-form stack", novalidate: true, action: "/track" },
    field(input, { name: "id", label: words.label, hint: words.hint }),
    h(
      "div",
      {},
      h("button", { class: primary ? "button primary" : "button", type: "submit" }, words.button),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = input.value;
    const number = numberIn(typed);
    const id = findId(typed) ?? (number && (await ownReport(number)));
    if (id) location.assign(trackAddress(id));
    else showErrors(form, [{ field: "id", message: fault(typed, number) }]);
  });
  return form;
}
