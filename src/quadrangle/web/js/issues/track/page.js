import { isStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { statusBadge } from "../badges.js";
import { config, knownConfig } from "../../base/config.js";
import { announce, append, clear, debounced, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { listen } from "../../base/live.js";
import { rememberReport } from "../my-reports.js";
import { linkedText } from "../../parts/linked.js";
import { texts as common } from "../../parts/texts.js";
import { texts as issueTexts } from "../texts.js";
import { texts as words } from "./texts.js";
import { timeElement } from "../../base/time.js";
import { conversation } from "./conversation.js";
import { details } from "./details.js";
import { photoSection } from "./photos.js";
import { workHead, workNotes } from "../work-order.js";
import { stepper } from "./stepper.js";


/** Everything the holder of the id may see: `{issue, entries, timeline, photos}`. */
export async function loadReport(issueId) {
  const id = encodeURIComponent(issueId);
  const [issue, thread] = await Promise.all([
    api.get(`/issue-status/${id}`),
    api.get(`/api/issues/${id}/conversation`),
  ]);
  return { issue, ...thread };
}

function duplicateNotice(isDuplicate) {
  if (!isDuplicate) return null;
  return h(
    "div",
    { class: "notice" },
    icon("copy-check"),
    h("p", {}, words.duplicate),
  );
}

/** Tell what is new between two looks at the report. */
function tell(before, now) {
  if (before.issue.status !== now.issue.status) {
    announce(words.nowIs(issueTexts.status[now.issue.status]));
    return;
  }
  const known = new Set(before.entries.map((entry) => entry.entryId));
  const fresh = now.entries.filter((entry) => !known.has(entry.entryId));
  const reply = fresh.findLast((entry) => entry.authorRole === "staff");
  if (reply) announce(words.newReply(reply.authorName));
}

/** Show one report to whoever `account` is, and keep it true while the page stays open. */
export function reportPage(main, first, account) {
  const { issueId } = first.issue;
  let shown = null;
  const heading = h("h1", { tabindex: "-1", dir: "auto" });
  const badge = h("span", { class: "head-badge" });
  const reported = h("p", { class: "soft" });
  const notice = h("div", {});
  const stale = h("div", { class: "notice progress", role: "status", hidden: true });
  const description = h("p", { class: "description", dir: "auto" });
  const steps = stepper();
  const facts = details(issueId);
  const talk = conversation(issueId, refresh);
  const photos = photoSection(issueId, refresh);
  const deskLink = h(
    "a",
    { class: "button", hidden: !isStaff(account) },
    icon("layout-dashboard"),
    words.openDesk,
  );
  deskLink.href = `/desk?${new URLSearchParams({ issue: issueId })}`;

  function show(now) {
    const { issue } = now;
    const name = words.name(issue.issueType, issue.location);
    document.title = common.title(name);
    heading.textContent = name;
    append(clear(badge), statusBadge(issue.status));
    append(clear(reported), words.reported, " ", timeElement(issue.createdAt));
    append(clear(notice), duplicateNotice(issue.isDuplicate));
    append(clear(description), linkedText(issue.description));
    steps.show(issue, now.timeline);
    facts.show(issue, now.timeline);
    talk.show(now.entries);
    photos.show(now.photos);
    rememberReport(issueId, issue);
    shown = now;
  }

  async function refresh() {
    try {
      const now = await loadReport(issueId);
      stale.hidden = true;
      if (JSON.stringify(now) === JSON.stringify(shown)) return;
      tell(shown, now);
      show(now);
    } catch (error) {
      append(clear(stale), icon("wifi-off"), h("p", {}, `${error.message} ${words.stale}`));
      stale.hidden = false;
    }
  }

  append(
    clear(main),
    h(
      "article",
      { class: "page track" },
      workHead(first.issue),
      h(
        "header",
        { class: "track-head" },
        h("div", { class: "track-title" }, heading, badge),
        h("div", { class: "row spread" }, reported, deskLink),
        stale,
        notice,
      ),
      h(
        "section",
        { class: "card track-status", "aria-label": words.stepper.label },
        steps.element,
        facts.aim,
      ),
      h(
        "div",
        { class: "track-main" },
        h(
          "section",
          { class: "card stack", "aria-labelledby": "description-title" },
          h("h2", { id: "description-title" }, words.description),
          description,
        ),
        photos.element,
        talk.element,
      ),
      h("div", { class: "track-side" }, facts.element),
      workNotes(),
    ),
  );
  show(first);

  const known = knownConfig();
  if (known) photos.setLimit(known.photoLimit);
  config().then(
    (answer) => photos.setLimit(answer.photoLimit),
    () => {}, // adding photos waits until the next visit
  );
  if (isStaff(account)) talk.asStaff();
  listen(`/api/issues/${encodeURIComponent(issueId)}/events`, debounced(refresh, 150));
}
