import { api } from "../../../base/api.js";
import { announce, clear, debounced, h } from "../../../base/dom.js";
import { statusBadge } from "../../badges.js";
import { icon } from "../../../parts/icons.js";
import { timeElement } from "../../../base/time.js";
import { texts } from "../texts.js";

const words = texts.duplicates;
const PAUSE_MS = 160;
const AT_MOST = 10;
const MOST_WORDS = 4;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

async function find(q, issue, signal) {
  const id = q.match(ID);
  if (id) return [{ issue: (await api.get(`/api/issues/${id[0].toLowerCase()}`, { signal })).issue }];
  if (!q) return (await api.get(`/api/issues/${issue.issueId}/similar`, { signal })).similar;
  const query = { limit: AT_MOST + 1, q };
  const { issues } = await api.get("/get-all-issues", { query, signal });
  return issues.map((each) => ({ issue: each }));
}

// Why an issue is suggested; what was searched for needs no reason.
function reasonOf({ sameType, samePlace, words: common }) {
  if (sameType === undefined) return null;
  const alike = words.reasons[`${sameType ? "type" : ""}${samePlace ? "place" : ""}`];
  return common.length ? words.alsoSay(alike, common.slice(0, MOST_WORDS)) : alike;
}

// Search for the report that was first; `onChoose(original)` gets it.
export function duplicateDialog(issue, onChoose) {
  const input = h("input", {
    type: "search",
    id: "original-search",
    class: "input",
    maxlength: 200,
    autocomplete: "off",
  });
  const heading = h("h3", { class: "small soft" }, words.suggestions);
  const results = h("ul", { role: "list", class: "originals" });
  const cancel = h("button", { type: "button", class: "button" }, words.cancel);
  const dialog = h(
    "dialog",
    { class: "dialog original-dialog", "aria-labelledby": "original-title", closedby: "any" },
    h("h2", { id: "original-title" }, words.dialogTitle),
    h("p", { class: "soft small" }, words.followHint),
    h(
      "div",
      { class: "field" },
      h("label", { for: "original-search" }, words.searchLabel),
      h("p", { class: "hint" }, words.dialogHint),
      input,
    ),
    heading,
    results,
    h("div", { class: "dialog-foot" }, cancel),
  );
  let asking = null;

  function option(each) {
    const found = each.issue;
    const reason = reasonOf(each);
    const title = texts.desk.rowTitle(found);
    const button = h(
      "button",
      { type: "button", class: "issue-link" },
      h("span", {}, title),
      h("span", { class: "issue-link-text", dir: "auto" }, found.description),
      h(
        "span",
        { class: "issue-link-marks" },
        statusBadge(found.status),
        timeElement(found.createdAt),
      ),
      reason && h("span", { class: "issue-link-reason" }, icon("copy"), reason),
    );
    button.addEventListener("click", () => {
      dialog.close();
      onChoose(found);
    });
    return h("li", {}, button);
  }

  async function search() {
    asking?.abort();
    const { signal } = (asking = new AbortController());
    const q = input.value.trim();
    try {
      const found = (await find(q, issue, signal))
        .filter((each) => each.issue.issueId !== issue.issueId)
        .slice(0, AT_MOST);
      heading.textContent = q ? words.results(found.length) : words.suggestions;
      heading.hidden = !q && !found.length;
      clear(results).append(...found.map(option));
      if (q) announce(words.results(found.length));
    } catch (error) {
      if (signal.aborted) return;
      heading.hidden = false;
      heading.textContent = error.status === 404 ? words.results(0) : error.message;
      clear(results);
    }
  }

  input.addEventListener("input", debounced(search, PAUSE_MS));
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  search();
}
