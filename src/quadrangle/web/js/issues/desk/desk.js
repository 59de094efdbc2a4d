import { api } from "../../base/api.js";
import { config as loadConfig } from "../../base/config.js";
import { requireStaff } from "../../base/account.js";
import { pageFailed } from "../../parts/page-failed.js";
import { searchField } from "../../parts/forms/search.js";
import { Actions } from "./actions.js";
import { NO_FILTERS, listKey, readAddress, toSearch } from "./address.js";
import { bulkBar } from "./bulk.js";
import { DetailPane } from "./detail/detail.js";
import { Filters } from "./filters.js";
import { deskLayout } from "./layout.js";
import { IssueList } from "./list.js";
import { LiveList } from "./live-list.js";
import { Selection } from "./selection.js";
import { shortcutsDialog } from "./shortcuts-dialog.js";
import { shortcuts } from "./shortcuts.js";
import { IssueStore } from "./store.js";
import { numberIn } from "../numbers.js";
import { texts as common } from "../../parts/texts.js";
import { texts } from "./texts.js";
import { Walk } from "./walk.js";

const $ = (selector) => document.querySelector(selector);
const main = $("#main");

/** A number is that of one report, whatever its status is and whatever else is asked for. */
function wanted(q) {
  return numberIn(q) ? { q, view: "all", ...NO_FILTERS } : { q };
}

async function start() {
  main.classList.add("desk");
  deskLayout(main);
  const asked = Promise.all([api.get("/api/accounts/staff"), loadConfig()]);
  asked.catch(() => {}); // whoever is not staff is sent away first
  const account = await requireStaff();
  const [{ staff }, config] = await asked;
  const staffName = (id) => staff.find((person) => person.accountId === id)?.name ?? id;

  const store = new IssueStore();
  const selection = new Selection();
  const actions = new Actions({ store, staffName, account });
  const list = new IssueList({
    pane: $(".desk-list"),
    store,
    selection,
    accountId: account.accountId,
  });
  const filters = new Filters({ root: $(".desk-filters"), account, config, go });
  const sort = $(".list-sort");
  sort.addEventListener("change", () => go({ sort: sort.value }));
  const search = searchField($(".search-form"), (q) => go(wanted(q), { replace: true }));
  const detail = new DetailPane({
    pane: $(".desk-detail"),
    store,
    actions,
    staff,
    config,
    account,
    state: () => state,
    open: (issueId) => go({ issue: issueId }, { focus: true }),
    onBack: () => walk.back(),
    showKeys: () => showKeys(),
  });
  const live = new LiveList({
    list,
    store,
    accountId: account.accountId,
    pill: $(".new-pill"),
    onChange: (what) => {
      filters.refresh();
      detail.hear(what);
    },
  });
  const walk = new Walk({ main, list, go, state: () => state });
  bulkBar({
    root: $(".bulk-bar"),
    all: $(".select-all input"),
    selection,
    list,
    actions,
    staff,
    account,
  });

  let state = { ...read(), issue: "" };
  let shown = null;

  // The PIN has no account, so nothing can be its own.
  function read() {
    const asked = readAddress();
    return asked.who === "me" && !account.accountId ? { ...asked, who: "" } : asked;
  }

  // Move to another address. Opening an issue beside the list leaves the list as it is.
  function go(changes, { replace = false, focus = false } = {}) {
    const next = { ...state, ...changes };
    const address = location.pathname + toSearch(next);
    if (replace) history.replaceState(history.state, "", address);
    else history.pushState({ fromList: !state.issue && Boolean(next.issue) }, "", address);
    show(next, { focus });
  }

  function show(next, { focus = false } = {}) {
    const before = state;
    state = next;
    walk.leave(before, next);
    filters.show(next);
    search.show(next.q);
    sort.value = next.sort;
    main.classList.toggle("reading", Boolean(next.issue));
    detail.show(next.issue, { focus });
    if (shown !== listKey(next)) {
      shown = listKey(next);
      selection.clear();
      live.follow(next);
      list.load(next);
      filters.refresh();
    }
    list.showState(next);
    walk.arrive(before, next);
  }

  list.addEventListener("loaded", () => list.showState(state));
  list.addEventListener("showall", () =>
    go({ view: "all", q: "", ...NO_FILTERS }),
  );
  actions.addEventListener("changed", () => {
    filters.refresh();
    detail.reload();
  });
  addEventListener("popstate", () => show(read()));

  // Keys act on what is selected, else on the open issue when someone is in it, else on the row.
  function target() {
    const inDetail = $(".desk-detail").contains(document.activeElement);
    if (inDetail && state.issue) return [state.issue];
    if (selection.size) return selection.ids;
    const id = walk.current ?? state.issue;
    return id ? [id] : [];
  }

  const keys = shortcuts({
    move: (step) => walk.move(step),
    select: () => walk.current && selection.toggle(walk.current),
    assign: () => target().length && actions.assignToMe(target()),
    status: (status) => target().length && actions.apply(target(), { status }),
    hasTarget: () => target().length > 0,
    undo: () => actions.undo(),
    reveal: () => live.reveal(),
    search: () => {
      walk.showList();
      search.focus();
    },
    escape: () => (selection.size ? selection.clear() : walk.back()),
    help: () => showKeys(),
  });
  const showKeys = shortcutsDialog(keys);
  $(".keys-button").addEventListener("click", showKeys);

  show(read());
}

document.title = common.title(texts.desk.title);
start().catch((error) => pageFailed(main, error));
