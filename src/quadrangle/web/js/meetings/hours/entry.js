import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { draft } from "../../base/drafts.js";
import { backLink } from "../../parts/back-link.js";
import { badge } from "../../parts/badge.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as common } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { choice, zoneSelect } from "../selects.js";
import { signInFirst } from "../sign-in-first.js";
import { exceptionsEditor } from "./exceptions.js";
import { previewCard } from "./preview.js";
import { rulesEditor } from "./rules.js";
import { texts as words } from "./texts.js";
import { weeklyEditor } from "./weekly.js";

const main = document.querySelector("main");
const HOURS = "/api/meetings/hours";
const LENGTHS = [30, 45, 60, 90, 120];

function head(hours) {
  const offered = hours?.published;
  return h(
    "header",
    { class: "stack tight" },
    backLink("/meet", words.mine),
    h(
      "div",
      { class: "row" },
      h("h1", {}, words.title),
      hours &&
        badge(offered ? words.offered : words.notOffered, {
          iconName: offered ? "circle-check" : "circle-dashed",
          tone: offered ? "done" : "quiet",
        }),
    ),
    h("p", { class: "soft" }, words.lead),
  );
}

function weekCard(weekly, minutes, zone) {
  return h(
    "section",
    { class: "card stack" },
    h(
      "div",
      { class: "field", dataset: { field: "weekly" } },
      h("h2", {}, words.week),
      h("p", { class: "hint" }, words.weekHint),
      h("p", { class: "error", id: "weekly-error", hidden: true }),
      weekly.element,
    ),
    h(
      "div",
      { class: "rules-grid" },
      field(minutes, { name: "minutes", label: words.length }),
      field(zone, { name: "timeZone", label: words.zone }),
    ),
  );
}

function lengthSelect(minutes) {
  const all = [...new Set([...LENGTHS, minutes])].sort((a, b) => a - b);
  return choice(
    "minutes",
    all.map((n) => [String(n), words.minutes(n)]),
    String(minutes),
  );
}

/** The hours as they are `saved` (null: none yet), and what was typed since and not sent. */
function hoursPage(saved, drafts, { focus = false } = {}) {
  const kept = drafts.load();
  const typed = kept?.version === (saved?.version ?? 0) ? kept : {};
  const hours = saved || Object.keys(typed).length ? { ...saved, ...typed } : null;
  const changed = () => {
    preview.soon();
    drafts.save(read());
  };
  const weekly = weeklyEditor(hours?.weekly ?? [], changed);
  const minutes = lengthSelect(hours?.minutes ?? 60);
  const zone = zoneSelect(hours?.timeZone);
  const exceptions = exceptionsEditor(hours, changed);
  const rules = rulesEditor(hours?.rules);
  const read = () => ({
    timeZone: zone.value,
    minutes: Number(minutes.value),
    weekly: weekly.value(),
    ...exceptions.value(),
    rules: rules.value(),
    version: saved?.version ?? 0,
  });
  const preview = previewCard(read);
  const label = saved?.published ? words.save : words.publish;
  const go = h("button", { type: "submit", class: "button primary" }, icon("check"), label);
  const withdraw =
    saved?.published && h("button", { type: "button", class: "button danger" }, words.withdraw);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    weekCard(weekly, minutes, zone),
    exceptions.element,
    rules.element,
    h("div", { class: "row" }, go, withdraw),
  );

  async function send() {
    clearErrors(form);
    try {
      const answer = await api.put(HOURS, read());
      drafts.clear();
      hoursPage(answer, drafts, { focus: true });
      toast(words.published);
    } catch (error) {
      failed(error);
    }
  }

  function failed(error) {
    const message = error.status === 409 ? words.changedSince : error.message;
    const summary = showErrors(form, error.errors?.length ? error.errors : [{ message }]);
    if (error.status !== 409) return;
    const again = h("button", { type: "button", class: "button" }, words.reload);
    again.addEventListener("click", () => location.reload());
    summary.append(again);
  }

  async function takeBack() {
    const sure = { text: words.sure, yes: words.withdraw, no: words.stay };
    if (!(await confirmDialog(sure))) return;
    try {
      const answer = await api.delete(HOURS);
      drafts.clear();
      hoursPage(answer, drafts, { focus: true });
      toast(words.withdrawn);
    } catch (error) {
      failed(error);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, send);
  });
  form.addEventListener("input", changed);
  form.addEventListener("reveal", ({ detail }) => {
    const fold = detail.closest("details");
    if (fold) fold.open = true;
  });
  if (withdraw) withdraw.addEventListener("click", () => busy(withdraw, takeBack));
  const top = head(saved);
  append(
    clear(main),
    h(
      "div",
      { class: "page stack loose" },
      top,
      h("div", { class: "with-aside" }, form, preview.element),
    ),
  );
  preview.look();
  if (focus) {
    const heading = top.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
    scrollTo(0, 0);
  }
}

function notForYou() {
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      backLink("/meet", words.mine),
      h("h1", {}, words.title),
      h(
        "div",
        { class: "empty card" },
        h("p", {}, words.forTeachers),
        h("a", { class: "button primary", href: "/book" }, words.book),
      ),
    ),
  );
}

async function begin() {
  document.title = common.title(words.title);
  const account = await currentAccount();
  if (!account) signInFirst(main, { ...words, why: words.signInFirst });
  else if (!["teacher", "staff", "admin"].includes(account.role)) notForYou();
  else if (!account.accountId) signInFirst(main, { ...words, why: words.needsAccount });
  else hoursPage(await api.get(HOURS), draft(`hours.${account.accountId}`));
}

append(clear(main), skeletonPage());
begin().catch((error) => pageFailed(main, error));
