import { priorityBadge } from "../badges.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { numberOf } from "../numbers.js";
import { texts as common } from "../texts.js";
import { texts } from "./texts.js";
import { exact, relative, timeElement } from "../../base/time.js";
import { trackAddress } from "./find-form.js";

const words = texts.details;

function copyLink(issueId) {
  const label = h("span", {}, words.copyLink);
  const button = h("button", { type: "button", class: "button" }, icon("link"), label);
  button.addEventListener("click", async () => {
    const link = new URL(trackAddress(issueId), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      label.textContent = words.copied;
    } catch {
      label.textContent = words.notCopied; // no permission: the address bar has it, too
    }
    announce(label.textContent);
    setTimeout(() => (label.textContent = words.copyLink), 4000);
  });
  return button;
}

function due(issue) {
  if (!issue.dueAt || issue.status === "RESOLVED") return null;
  const late = new Date(issue.dueAt) < new Date();
  const when = h(
    "time",
    { datetime: issue.dueAt, title: exact(issue.dueAt) },
    relative(issue.dueAt),
  );
  return h("p", { class: "due", dataset: { late } }, late ? words.late : words.due, " ", when, ".");
}

function facts(issue) {
  const rows = [
    [words.type, h("bdi", {}, issue.issueType)],
    [words.place, h("bdi", {}, issue.location)],
    [words.priority, priorityBadge(issue.priority)],
    [words.reported, timeElement(issue.createdAt)],
    [words.changed, timeElement(issue.updatedAt)],
    [words.number, numberOf(issue.issueId)],
    [words.id, h("code", { class: "issue-id" }, issue.issueId)],
  ];
  return h(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

/** What an event of the public timeline says. */
function eventWords(item) {
  if (item.kind === "issue.status-changed") {
    const name = (status) => common.status[status] ?? status;
    return words.moved(name(item.old), name(item.new));
  }
  return words.events[item.kind] ?? words.otherEvent;
}

function history(timeline) {
  return h(
    "ol",
    { role: "list", class: "timeline" },
    timeline.map((item) =>
      h(
        "li",
        {},
        h("span", {}, eventWords(item)),
        h(
          "span",
          { class: "soft small" },
          h("bdi", {}, item.actorName),
          item.actorName && ", ",
          timeElement(item.at),
        ),
      ),
    ),
  );
}

/** The small print of an issue: aim, facts, history, a link to share. */
export function details(issueId) {
  const aim = h("div", {});
  const list = h("div", {});
  const events = h("div", {});
  return {
    aim,
    element: h(
      "section",
      { class: "card stack", "aria-labelledby": "details-title" },
      h("h2", { id: "details-title" }, words.title),
      list,
      h("div", {}, copyLink(issueId)),
      h("details", { class: "history" }, h("summary", {}, words.history), events),
    ),
    show(issue, timeline) {
      append(clear(aim), due(issue));
      append(clear(list), facts(issue));
      append(clear(events), history(timeline));
    },
  };
}
