import { statusIcon } from "../../badges.js";
import { h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { texts as common } from "../../texts.js";
import { selectField } from "../../../parts/forms/select-field.js";
import { placeField } from "./place-field.js";
import { texts } from "../texts.js";

const words = texts.detail;
const STATUSES = ["OPEN", "IN_PROGRESS", "RESOLVED"];
const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"];

// Three buttons side by side; the pressed one is how it is.
export function statusPart({ issue: first }, { actions }) {
  const buttons = STATUSES.map((status) => {
    const button = h(
      "button",
      { type: "button", dataset: { status } },
      statusIcon(status),
      common.status[status],
    );
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") !== "true")
        actions.apply([first.issueId], { status });
    });
    return button;
  });
  const element = h(
    "div",
    { class: "status-choice", role: "group", "aria-label": words.status },
    buttons,
  );
  const update = ({ issue }) => {
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.dataset.status === issue.status));
  };
  update({ issue: first });
  return { element, update };
}

// A name that is no longer in the settings is still what the issue has.
const withOwn = (names, own) => (names.includes(own) ? names : [own, ...names]);
const named = (names) => names.map((name) => ({ value: name, label: name }));

function assigneeOptions(issue, staff, me) {
  const people = staff.filter((person) => person.active || person.accountId === issue.assigneeId);
  const known = people.map(({ accountId, name, active }) => {
    if (accountId === me) return { value: accountId, label: texts.desk.me(name) };
    return { value: accountId, label: active ? name : texts.desk.inactive(name) };
  });
  if (issue.assigneeId && !people.some((person) => person.accountId === issue.assigneeId)) {
    known.push({ value: issue.assigneeId, label: texts.desk.inactive(issue.assigneeName ?? "?") });
  }
  return [{ value: "", label: texts.desk.nobody }, ...known];
}

export function fieldsPart({ issue: first }, { actions, staff, config, account }) {
  const change = (patch) => actions.apply([first.issueId], patch);
  const assignee = selectField(words.assignee, (value) => change({ assigneeId: value || null }));
  const priority = selectField(words.priority, (value) => change({ priority: value }));
  const issueType = selectField(words.issueType, (value) => change({ issueType: value }));
  const place = placeField(config.locations.length, (value) => change({ location: value }));
  const toMe = h(
    "button",
    { type: "button", class: "button quiet to-me" },
    icon("user-check"),
    words.assignToMe,
  );
  toMe.addEventListener("click", () => actions.assignToMe([first.issueId]));

  function update({ issue }) {
    assignee.show(assigneeOptions(issue, staff, account.accountId), issue.assigneeId ?? "");
    priority.show(
      PRIORITIES.map((value) => ({ value, label: common.priority[value] })),
      issue.priority,
    );
    issueType.show(
      named(
        withOwn(
          config.issueTypes.map(({ name }) => name),
          issue.issueType,
        ),
      ),
      issue.issueType,
    );
    place.show(named(withOwn(config.locations, issue.location)), issue.location);
    toMe.hidden = !account.accountId || issue.assigneeId === account.accountId;
  }

  update({ issue: first });
  assignee.element.append(toMe);
  const element = h(
    "div",
    { class: "detail-fields" },
    [assignee, priority, issueType, place].map((f) => f.element),
  );
  return { element, update };
}
