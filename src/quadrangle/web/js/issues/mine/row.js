import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { badge } from "../../parts/badge.js";
import { statusBadge } from "../badges.js";
import { numberOf } from "../numbers.js";
import { texts } from "../texts.js";
import { trackAddress } from "../track/find-form.js";

const words = texts.home;

export function nameOf({ issue, issueId }) {
  return issue ? words.reportName(issue.issueType, issue.location) : words.reportId(issueId);
}

/** A report in a list: `{issueId, at, issue}`, with what `beside` can be done to it. */
export function reportRow(report, { isGone = false, beside = null } = {}) {
  const { issue, issueId } = report;
  const state = isGone
    ? badge(words.gone, { iconName: "circle-question-mark" })
    : issue && statusBadge(issue.status);
  return h(
    "li",
    { class: "report", dataset: { id: issueId } },
    h(
      "a",
      { href: trackAddress(issueId) },
      h("span", { class: "report-name", dir: "auto" }, nameOf(report)),
      h(
        "span",
        { class: "report-state" },
        state,
        h("span", { class: "soft small" }, words.number(numberOf(issueId)), " · ", timeElement(report.at)),
      ),
    ),
    beside,
  );
}

/** Draw rows anew; who was on the link of one stays on it. */
export function redraw(list, rows) {
  const focused = list.contains(document.activeElement)
    ? document.activeElement.closest("[data-id]")?.dataset.id
    : null;
  list.replaceChildren(...rows);
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"] a`)?.focus();
}

/** A button that shows more of a list and takes the reader to what is new. */
export function moreButton(text, list, show) {
  const button = h("button", { class: "button quiet", type: "button" }, text);
  button.addEventListener("click", async () => {
    const before = list.children.length;
    if ((await show()) !== false) list.children[before]?.querySelector("a").focus();
  });
  return button;
}
