import { api } from "../base/api.js";
import { statusBadge } from "./badges.js";
import { config, knownConfig } from "../base/config.js";
import { announce, append, clear, h } from "../base/dom.js";
import { badge } from "../parts/badge.js";
import { icon } from "../parts/icons.js";
import { forgetReport, myReports, rememberReport } from "./my-reports.js";
import { texts as common } from "../parts/texts.js";
import { texts } from "./texts.js";
import { texts as track } from "./track/texts.js";
import { timeElement } from "../base/time.js";
import { findForm, trackAddress } from "./track/find-form.js";

const words = texts.home;
const FRESH_MS = 15_000;
const FIRST = 6;

const list = h("ul", { role: "list", class: "reports" });
const place = h("div", {});
const gone = new Set();
let all = false;

function nameOf({ issue, issueId }) {
  return issue ? words.reportName(issue.issueType, issue.location) : words.reportId(issueId);
}

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
    document.querySelector(".reports a, #my-reports")?.focus();
  });
  return button;
}

function row(report) {
  const { issue, issueId } = report;
  const state = gone.has(issueId)
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
        h("span", { class: "soft small" }, timeElement(report.at)),
      ),
    ),
    forgetButton(report),
  );
}

function emptyState() {
  return h(
    "div",
    { class: "empty" },
    icon("megaphone"),
    h("p", {}, words.empty),
    h("a", { class: "button quiet", href: "/report" }, words.first),
  );
}

function show() {
  const focused = document.activeElement?.closest?.("[data-id]")?.dataset.id;
  const reports = myReports();
  const shown = all ? reports : reports.slice(0, FIRST);
  clear(list).append(...shown.map(row));
  const rest = reports.length - shown.length;
  const more = rest > 0 && h("button", { class: "button quiet", type: "button" }, words.more(rest));
  if (more) {
    more.addEventListener("click", () => {
      all = true;
      show();
      list.children[FIRST]?.querySelector("a").focus();
    });
  }
  append(clear(place), reports.length ? [list, more] : emptyState());
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"] a`)?.focus();
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

async function refresh(wanted) {
  if (document.hidden) return;
  const reports = myReports().filter(wanted).slice(0, 20);
  const changed = [];
  for (const report of reports) changed.push(await refreshOne(report)); // one by one: no burst
  if (changed.some(Boolean)) show();
}

function hero() {
  return h(
    "section",
    { class: "hero" },
    h("img", { class: "hero-mark", src: new URL("../../img/mark.svg", import.meta.url).href, alt: "", width: 32, height: 32 }),
    h(
      "p",
      { class: "eyebrow only-wide", dataset: { campus: "" } },
      knownConfig()?.campusName ?? common.product,
    ),
    h("h1", {}, words.title),
    h("p", { class: "lead" }, words.lead),
    h("a", { class: "button primary large", href: "/report" }, icon("megaphone"), words.action),
  );
}

/**
 * Cards of other services, drawn by their own scripts where the service is switched on. Most are:
 * until it is known they keep their room, so that nothing moves.
 */
const doors = [
  { service: "meetings", card: h("q-meet-door", { class: "card door" }) },
  { service: "videos", card: h("q-watch-door", { class: "card door" }) },
];
function showDoors(services) {
  for (const { service, card } of doors) card.hidden = !services?.includes(service);
}

append(
  clear(document.querySelector("main")),
  h(
    "div",
    { class: "page home" },
    hero(),
    h(
      "div",
      { class: "doors" },
      doors.map(({ card }) => card),
    ),
    h(
      "section",
      { class: "card mine", "aria-labelledby": "my-reports" },
      h("h2", { id: "my-reports", tabindex: "-1" }, words.mine),
      place,
    ),
    h(
      "section",
      { class: "card find", "aria-labelledby": "find-title" },
      h("h2", { id: "find-title" }, track.find.title),
      findForm(),
    ),
  ),
);
if (knownConfig()) showDoors(knownConfig().services);
config()
  .then(({ services }) => showDoors(services))
  .catch(() => {}); // the card of what is not known is not missed
show();
refresh(() => true);
setInterval(() => refresh((one) => one.issue?.status !== "RESOLVED"), FRESH_MS);
document.addEventListener("visibilitychange", () => refresh(() => true));
