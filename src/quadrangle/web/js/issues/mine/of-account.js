import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { texts } from "../texts.js";
import { moreButton, nameOf, redraw, reportRow } from "./row.js";

const words = texts.home;
const FIRST = 6;
const PAGE = 50;

const shownOf = (issue) => ({ issueId: issue.issueId, at: issue.createdAt, issue });

/**
 * The reports of the account that is signed in, wherever they were sent. `onKnown` is called with
 * the ids of those that are known after each look.
 */
export function accountReports(onKnown) {
  const list = h("ul", { role: "list", class: "reports" }, skeletonRows(2));
  const more = h("div", {});
  const failure = h("div", {});
  const issues = new Map(); // by id, newest first
  let next = null;
  let all = false;
  let known = false;

  function show() {
    const found = [...issues.values()];
    const shown = all ? found : found.slice(0, FIRST);
    redraw(
      list,
      shown.map((issue) => reportRow(shownOf(issue))),
    );
    const rest = found.length - shown.length;
    const button =
      rest > 0
        ? moreButton(next ? words.showMore : words.more(rest), list, showAll)
        : next && moreButton(words.showMore, list, () => load(next));
    append(clear(more), button);
    onKnown(new Set(issues.keys()));
  }

  function showAll() {
    all = true;
    show();
  }

  function take(page, isFirst) {
    const before = [...issues.values()];
    for (const issue of page.issues) {
      const old = issues.get(issue.issueId);
      if (old && old.status !== issue.status) {
        announce(words.changed(nameOf({ issue }), texts.status[issue.status]));
      }
    }
    if (isFirst && before.length) {
      // what is new comes first; what was read beyond the first page stays
      issues.clear();
      for (const issue of [...page.issues, ...before]) {
        if (!issues.has(issue.issueId)) issues.set(issue.issueId, issue);
      }
    } else {
      for (const issue of page.issues) issues.set(issue.issueId, issue);
      next = page.nextCursor;
    }
    known = true;
  }

  async function load(cursor = null) {
    const query = new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) });
    try {
      take(await api.get(`/api/issues/mine?${query}`, { stays: true }), !cursor);
    } catch (error) {
      // what is shown stays; it is looked for again soon
      if (known && !cursor) return false;
      if (!known) list.replaceChildren();
      append(
        clear(failure),
        retryNotice(words.mineFailed, error, () => load(cursor)),
      );
      return false;
    }
    clear(failure);
    show();
    return true;
  }

  return { element: h("div", {}, list, more, failure), load: () => load() };
}
