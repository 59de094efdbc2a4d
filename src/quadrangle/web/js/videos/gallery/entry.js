import { currentAccount, isStaff, rememberedAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { searchField, searchForm } from "../../parts/forms/search.js";
import { texts as parts } from "../../parts/texts.js";
import { cardSkeletons, videoCard } from "../card.js";
import { pager } from "../pager.js";
import { knowWatched } from "../resume.js";
import { texts as common } from "../texts.js";
import { filterBar, filtersOf } from "./filters.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const SIZE = 24;

/** What the address asks for: `{search, page, mine, filters}`. */
function wanted() {
  const query = new URLSearchParams(location.search);
  return {
    search: query.get("search") ?? "",
    page: Math.max(1, Number.parseInt(query.get("page"), 10) || 1),
    mine: query.get("mine") === "true",
    filters: filtersOf(query),
  };
}

function addressOf({ search, page = 1, mine, filters }) {
  const query = new URLSearchParams();
  if (search) query.set("search", search);
  if (mine) query.set("mine", "true");
  for (const [name, value] of Object.entries(filters ?? {})) {
    if (mine || name !== "visibility") query.set(name, value);
  }
  if (page > 1) query.set("page", page);
  const text = query.toString();
  return text ? `/watch?${text}` : "/watch";
}

const isNarrowed = ({ filters }) => Object.keys(filters).some((name) => name !== "sort");

function empty({ search, mine, filters }, uploads) {
  if (isNarrowed({ filters })) {
    return h(
      "div",
      { class: "empty" },
      icon("sliders-horizontal"),
      h("p", {}, words.noneFits),
      h("a", { class: "button", href: addressOf({ search, mine }) }, words.clearFilters),
    );
  }
  const text = search ? words.noneFound(search) : mine ? words.noneMine : words.none;
  const way = search
    ? h("a", { class: "button", href: addressOf({ mine }) }, words.clear)
    : uploads && h("a", { class: "button primary", href: "/upload" }, icon("upload"), words.first);
  return h("div", { class: "empty" }, icon(search ? "search" : "film"), h("p", { dir: "auto" }, text), way);
}

function galleryPage(account) {
  const uploads = Boolean(account?.accountId);
  const form = searchForm("video-search", words);
  const list = h("ul", { role: "list", class: "video-grid", "aria-label": words.list });
  const foot = h("div", {});
  const chips = h("nav", { class: "row", "aria-label": words.filters, hidden: !uploads });
  const known = knowWatched();
  let asking = null;
  let drawn = "";

  const bar = filterBar(
    (filters) => {
      history.replaceState(null, "", addressOf({ ...wanted(), page: 1, filters }));
      load({ told: true });
    },
    (filters) => addressOf({ ...wanted(), page: 1, filters }),
  );

  function drawChips({ search, mine, filters }) {
    const chip = (label, wantsMine) =>
      h(
        "a",
        {
          class: "chip",
          href: addressOf({ search, mine: wantsMine, filters }),
          "aria-current": wantsMine === mine && "page",
        },
        label,
      );
    append(clear(chips), chip(words.all, false), chip(words.mine, true));
  }

  async function load({ told = false } = {}) {
    asking?.abort();
    const mine = (asking = new AbortController());
    const now = wanted();
    drawChips(now);
    bar.show(now.filters, now);
    try {
      const { filters, ...asks } = now;
      const query = { ...asks, ...filters, limit: SIZE, mine: now.mine && "true" };
      const [answer] = await Promise.all([
        api.get("/api/gallery/videos", { query, signal: mine.signal }),
        known,
      ]);
      const fresh = JSON.stringify([now, answer]);
      if (fresh === drawn) return;
      drawn = fresh;
      append(clear(list), answer.videos.map(videoCard));
      list.hidden = answer.videos.length === 0;
      const rest = answer.videos.length
        ? pager(answer.pagination, (page) => addressOf({ ...now, page }))
        : empty(now, uploads);
      append(clear(foot), rest);
      if (told) announce(words.found(answer.pagination.total));
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error.status === 404 && now.filters.course) {
        clear(list); // the course is gone, or not for whoever asks
        drawn = "";
        append(clear(foot), empty(now, uploads));
        return;
      }
      clear(list);
      drawn = "";
      append(clear(foot), retryNotice(words.failed, error, () => load()));
    } finally {
      list.removeAttribute("aria-busy");
    }
  }

  document.title = parts.title(words.title);
  list.setAttribute("aria-busy", "true");
  append(list, cardSkeletons(8));
  append(
    clear(main),
    h(
      "div",
      { class: "gallery" },
      h(
        "header",
        { class: "page-head" },
        h("h1", {}, words.title),
        h(
          "div",
          { class: "row" },
          isStaff(account) &&
            h("a", { class: "button quiet", href: "/video-operation" }, icon("gauge"), common.operation),
          h("a", { class: "button", href: "/courses" }, icon("list-video"), common.courses),
          uploads && [
            h("a", { class: "button", href: "/my-videos" }, common.mine),
            h("a", { class: "button primary", href: "/upload" }, icon("upload"), common.upload),
          ],
        ),
      ),
      h("div", { class: "gallery-tools" }, form, chips, bar.element),
      list,
      foot,
    ),
  );
  const field = searchField(form, (search) => {
    history.replaceState(null, "", addressOf({ ...wanted(), page: 1, search }));
    load({ told: true });
  });
  field.show(wanted().search);
  addEventListener("pageshow", (event) => event.persisted && load());
  return load();
}

async function start() {
  const remembered = rememberedAccount();
  const shown = galleryPage(remembered);
  const account = await currentAccount();
  if ((account?.accountId ?? null) !== (remembered?.accountId ?? null)) galleryPage(account);
  return shown;
}

start();
