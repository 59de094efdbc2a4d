import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { forgetReport, myReports, rememberReport } from "../my-reports.js";
import { texts } from "../texts.js";
import { moreButton, nameOf, redraw, reportRow } from "./row.js";

const words = texts.home;
const FIRST = 6;
const ASKED = 20; // reports at a time, one after another

/**
 * The reports that this browser keeps. `onChange` is called with how many are shown, also when none
 * are; those of the account are not among them.
 */
export function deviceReports(onChange) {
  const list = h("ul", { role: "list", class: "reports" });
  const more = h("div", {});
  const gone = new Set();
  let all = false;
  let owned = new Set();

  const reports = () => myReports().filter(({ issueId }) => !owned.has(issueId));

  function forgetButton(report) {
    const label = words.forget(nameOf(report));
    const button = h(
      "button",
      { type: "button", class: "button quiet icon-only forget", "aria-label": label, title: label },
      icon("x"),
    );
    button.addEventListener("click", () => {
      forgetReport(report.issueId);
      announce(words.forgotten);
      show();
      (list.querySelector("a") ?? document.querySelector("#my-reports"))?.focus();
    });
    return button;
  }

  function show() {
    const found = reports();
    const shown = all ? found : found.slice(0, FIRST);
    redraw(
      list,
      shown.map((report) =>
        reportRow(report, { isGone: gone.has(report.issueId), beside: forgetButton(report) }),
      ),
    );
    const rest = found.length - shown.length;
    const showAll = () => {
      all = true;
      show();
    };
    append(clear(more), rest > 0 && moreButton(words.more(rest), list, showAll));
    onChange(found);
  }

  async function refreshOne(report) {
    try {
      const issue = await api.get(`/issue-status/${encodeURIComponent(report.issueId)}`);
      const before = report.issue?.status;
      rememberReport(report.issueId, issue);
      if (before && before !== issue.status) {
        announce(words.changed(nameOf({ issue }), texts.status[issue.status]));
      }
      return before !== issue.status;
    } catch (error) {
      if (error.status !== 404 || gone.has(report.issueId)) return false;
      gone.add(report.issueId);
      return true;
    }
  }

  async function refresh(wanted = () => true) {
    const changed = [];
    // one by one: no burst
    for (const report of reports().filter(wanted).slice(0, ASKED)) {
      changed.push(await refreshOne(report));
    }
    if (changed.some(Boolean)) show();
  }

  return {
    element: h("div", {}, list, more),
    show,
    refresh,
    /** Leave out what the account has. */
    leaveOut(ids) {
      owned = ids;
      show();
    },
  };
}
