import { currentAccount, signInAddress } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { searchField, searchForm } from "../../parts/forms/search.js";
import { texts as parts } from "../../parts/texts.js";
import { videoPath } from "../addresses.js";
import { pager } from "../pager.js";
import { knowWatched } from "../resume.js";
import { texts as common } from "../texts.js";
import { editDialog } from "./edit-dialog.js";
import { mineRow } from "./row.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const SIZE = 20;
const FRESH_MS = 4_000;
const STATES = ["uploaded", "processing", "ready", "failed"];

function wanted() {
  const query = new URLSearchParams(location.search);
  const status = query.get("status");
  return {
    search: query.get("search") ?? "",
    page: Math.max(1, Number.parseInt(query.get("page"), 10) || 1),
    status: STATES.includes(status) ? status : "",
  };
}

function addressOf({ search, page = 1, status }) {
  const query = new URLSearchParams();
  if (search) query.set("search", search);
  if (status) query.set("status", status);
  if (page > 1) query.set("page", page);
  const text = query.toString();
  return text ? `/my-videos?${text}` : "/my-videos";
}

function empty({ search, status }) {
  const fits = search || status;
  return h(
    "div",
    { class: "empty" },
    icon("film"),
    h("p", {}, fits ? words.noneFound : words.none),
    fits
      ? h("a", { class: "button", href: "/my-videos" }, words.all)
      : h("a", { class: "button primary", href: "/upload" }, icon("upload"), common.upload),
  );
}

/** Uploads that wait for their file, where there are any. */
async function unfinishedNotice() {
  const { uploads } = await api.get("/api/uploads").catch(() => ({ uploads: [] }));
  if (!uploads.length) return null;
  return h(
    "div",
    { class: "notice progress" },
    icon("upload"),
    h("p", {}, words.unfinished(uploads.length)),
    h("a", { class: "button", href: "/upload" }, words.goOn),
  );
}

function minePage() {
  const form = searchForm("mine-search", words);
  const chips = h("nav", { class: "row", "aria-label": words.filters });
  const notice = h("div", { hidden: true });
  const list = h("ul", { role: "list", class: "mine-rows card", "aria-label": words.list, hidden: true });
  const foot = h("div", {});
  const shown = new Map();
  const known = knowWatched();

  function put(video) {
    const before = shown.get(video.id);
    if (before && JSON.stringify(before.video) === JSON.stringify(video)) return;
    const row = mineRow(video, { onChange: put, onGone: take });
    const label = before?.row.contains(document.activeElement) && document.activeElement.textContent;
    if (before) before.row.replaceWith(row);
    else list.append(row);
    if (label) [...row.querySelectorAll("a, button")].find((one) => one.textContent === label)?.focus();
    if (before && before.video.status !== video.status) tell(video);
    shown.set(video.id, { video, row });
  }

  function tell({ status, title }) {
    if (status === "ready") announce(words.ready(title));
    if (status === "failed") announce(words.failedTold(title));
  }

  function take({ id }) {
    const { row } = shown.get(id);
    const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("button");
    shown.delete(id);
    row.remove();
    if (next) next.focus();
    else load();
  }

  function drawChips({ search, status }) {
    const chip = (value, label) =>
      h(
        "a",
        { class: "chip", href: addressOf({ search, status: value }), "aria-current": value === status && "page" },
        label,
      );
    append(
      clear(chips),
      chip("", words.all),
      STATES.map((one) => chip(one, common.status[one])),
    );
  }

  async function load({ told = false } = {}) {
    const now = wanted();
    drawChips(now);
    try {
      const query = { ...now, limit: SIZE, mine: "true" };
      const [answer] = await Promise.all([api.get("/api/gallery/videos", { query }), known]);
      const { videos, pagination } = answer;
      shown.clear();
      clear(list);
      videos.forEach(put);
      list.hidden = videos.length === 0;
      const rest = videos.length
        ? pager(pagination, (page) => addressOf({ ...now, page }))
        : empty(now);
      append(clear(foot), rest);
      if (told) announce(words.found(pagination.total));
    } catch (error) {
      list.hidden = true;
      append(clear(foot), retryNotice(words.failed, error, () => load()));
    }
  }

  /** Look again at those that are being made; nobody else changes the others. */
  async function refresh() {
    if (document.hidden || document.querySelector("dialog[open]")) return;
    const moving = [...shown.values()].filter(({ video }) => !["ready", "failed"].includes(video.status));
    for (const { video } of moving) {
      const fresh = await api.get(videoPath(video.id)).catch((error) => error);
      if (fresh.id) put(fresh);
      else if (fresh.status === 404 && shown.has(video.id)) take(video);
    }
  }

  async function editAsked() {
    const id = new URLSearchParams(location.search).get("edit");
    if (!/^\d+$/.test(id ?? "")) return;
    history.replaceState(null, "", addressOf(wanted()));
    const video = await api.get(videoPath(id)).catch(() => null);
    const edited = video?.mine && (await editDialog(video));
    if (!edited) return;
    announce(words.form.saved);
    if (shown.has(edited.id)) put(edited);
  }

  append(
    clear(main),
    h(
      "div",
      { class: "page stack" },
      h(
        "header",
        { class: "page-head" },
        h("div", {}, backLink("/watch", common.all), h("h1", {}, words.title)),
        h("a", { class: "button primary", href: "/upload" }, icon("upload"), common.upload),
      ),
      notice,
      h("div", { class: "gallery-tools" }, form, chips),
      list,
      foot,
    ),
  );
  const field = searchField(form, (search) => {
    history.replaceState(null, "", addressOf({ search, status: wanted().status }));
    load({ told: true });
  });
  field.show(wanted().search);
  unfinishedNotice().then((found) => {
    append(notice, found);
    notice.hidden = !found;
  });
  setInterval(refresh, FRESH_MS);
  load().then(editAsked);
}

async function start() {
  document.title = parts.title(words.title);
  const account = await currentAccount();
  if (account?.accountId) return minePage();
  return append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("h1", {}, words.title),
      h(
        "div",
        { class: "empty card" },
        icon("log-in"),
        h("p", {}, account ? words.needsAccount : words.signInFirst),
        h("a", { class: "button primary", href: signInAddress() }, parts.signIn),
      ),
    ),
  );
}

start();
