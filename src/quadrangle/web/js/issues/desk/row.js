import { priorityBadge, statusBadge } from "../badges.js";
import { h } from "../../base/dom.js";
import { badge } from "../../parts/badge.js";
import { icon } from "../../parts/icons.js";
import { timeElement } from "../../base/time.js";
import { toSearch } from "./address.js";
import { dueElement, isPressing } from "./due.js";
import { texts } from "./texts.js";

const words = texts.desk;

function countMark(iconName, n, label) {
  if (!n) return null;
  return h(
    "span",
    { class: "row-count", title: label(n) },
    icon(iconName),
    h("span", { "aria-hidden": "true" }, n),
    h("span", { class: "visually-hidden" }, label(n)),
  );
}

function marks(issue) {
  return h(
    "span",
    { class: "row-marks" },
    statusBadge(issue.status),
    issue.priority !== "NORMAL" && priorityBadge(issue.priority),
    issue.duplicateOf && badge(words.duplicate, { iconName: "copy" }),
    isPressing(issue) && dueElement(issue),
    countMark("image", issue.photoCount, words.photos),
    countMark("message-square", issue.replyCount, words.replies),
    issue.assigneeName &&
      h("span", { class: "row-assignee" }, icon("user-round"), h("span", { dir: "auto" }, issue.assigneeName)),
  );
}

// One issue of the list. `update(issue)` redraws it in place.
export function issueRow(issue, { selected, onSelect }) {
  const check = h("input", { type: "checkbox" });
  check.checked = selected;
  check.addEventListener("click", (event) =>
    onSelect(issue.issueId, check.checked, event.shiftKey),
  );
  const link = h("a", { class: "row-link" });
  const element = h(
    "li",
    { class: "issue-row", dataset: { id: issue.issueId } },
    h("label", { class: "row-check" }, check),
    link,
  );

  function update(now) {
    const title = words.rowTitle(now);
    check.setAttribute("aria-label", words.select(title));
    element.classList.toggle("done", now.status === "RESOLVED");
    link.replaceChildren(
      h(
        "span",
        { class: "row-head" },
        h(
          "span",
          { class: "row-title" },
          h("b", { dir: "auto" }, now.issueType),
          " ",
          h("span", { class: "row-place", dir: "auto" }, now.location),
        ),
        timeElement(now.createdAt),
      ),
      h("span", { class: "row-text", dir: "auto" }, now.description),
      marks(now),
    );
  }

  update(issue);
  return {
    element,
    link,
    update,
    select: (on) => {
      check.checked = on;
      element.classList.toggle("selected", on);
    },
    address: (state) =>
      link.setAttribute("href", `/desk${toSearch({ ...state, issue: issue.issueId })}`),
  };
}
