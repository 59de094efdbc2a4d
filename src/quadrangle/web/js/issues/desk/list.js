import { announce, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { isNarrowed, listKey, toQuery } from "./address.js";
import { orderOf } from "./order.js";
import { issuePager } from "./pager.js";
import { issueRow } from "./row.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { texts } from "./texts.js";

const words = texts.desk;

// The list of issues: what was loaded, in order, with more to come. Rows never move by themselves.
export class IssueList extends EventTarget {
  #rows = new Map();
  #loading = null;
  #pager = null;
  #state = null;
  #watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && this.more(), {
    rootMargin: "400px",
  });

  constructor({ pane, store, selection, accountId }) {
    super();
    this.store = store;
    this.selection = selection;
    this.accountId = accountId;
    this.pane = pane;
    this.list = pane.querySelector(".issue-list");
    this.foot = pane.querySelector(".list-foot");
    this.notice = pane.querySelector(".list-notice");
    this.title = pane.querySelector(".list-title");
    this.count = pane.querySelector(".list-count");
    store.addEventListener("issue", ({ detail }) => this.#rows.get(detail.issueId)?.update(detail));
    selection.addEventListener("change", () => this.#showSelection());
    setInterval(() => !document.hidden && this.#refreshTimes(), 60_000);
  }

  get ids() {
    return [...this.#rows.keys()];
  }

  get rows() {
    return [...this.#rows.values()];
  }

  has(issueId) {
    return this.#rows.has(issueId);
  }

  row(issueId) {
    return this.#rows.get(issueId);
  }

  // Load another list. What is shown stays until the first page of the new one is there.
  async load(state) {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    const pager = issuePager(toQuery(state, this.accountId));
    const hadFocus = this.foot.contains(document.activeElement);
    this.pane.setAttribute("aria-busy", "true");
    if (!this.#rows.size) this.#showSkeletons();
    try {
      const page = await pager.next(loading.signal);
      if (loading.signal.aborted) return;
      this.#pager = pager;
      this.#state = state;
      this.#rows.clear();
      clear(this.list);
      clear(this.notice);
      this.pane.scrollTop = 0;
      this.#add(page.issues);
      this.#finish(page.ended);
      if (hadFocus) this.title.focus();
      announce(this.count.textContent);
      this.dispatchEvent(new CustomEvent("loaded", { detail: state }));
    } catch (error) {
      if (!loading.signal.aborted) this.#failToLoad(error, state);
    } finally {
      if (this.#loading === loading) {
        this.#loading = null;
        this.pane.removeAttribute("aria-busy");
      }
    }
  }

  async more() {
    if (this.#loading || !this.#pager) return;
    const loading = (this.#loading = new AbortController());
    const button = this.foot.querySelector("button");
    button?.setAttribute("aria-busy", "true");
    const wasFocused = button === document.activeElement;
    try {
      const page = await this.#pager.next(loading.signal);
      if (loading.signal.aborted) return;
      const first = this.#add(page.issues);
      this.#finish(page.ended);
      if (wasFocused) first?.link.focus();
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error, () => this.more());
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  // Put issues that came in to where they belong; what belongs behind the last row that is loaded
  // comes with what is loaded next.
  insert(issues) {
    const order = orderOf(this.#state.sort);
    const ids = this.ids;
    const added = issues.filter((issue) => !this.has(issue.issueId)).sort(order);
    const rows = [];
    for (const issue of added) {
      const at = ids.findIndex((id) => order(issue, this.store.get(id)) < 0);
      if (at < 0 && this.#more) continue;
      const row = this.#row(issue);
      const next = at < 0 ? null : this.row(ids[at]).element;
      this.list.insertBefore(row.element, next);
      ids.splice(at < 0 ? ids.length : at, 0, issue.issueId);
      this.#rows.set(issue.issueId, row);
      rows.push(row);
    }
    this.#rows = new Map(ids.map((id) => [id, this.row(id)]));
    if (rows.length) this.foot.querySelector(".empty")?.remove();
    this.#showCount(!this.#more);
    if (!rows.length) return;
    if (rows[0].element === this.list.firstElementChild) this.pane.scrollTop = 0;
    rows[0].link.focus();
  }

  // The links of the rows keep the filters; the open one is marked.
  showState(state) {
    // The heading is that of the rows, also while another list is on its way or failed to come.
    this.title.textContent = words.views[(this.#state ?? state).view];
    for (const [issueId, row] of this.#rows) {
      row.address(state);
      if (issueId === state.issue) row.link.setAttribute("aria-current", "true");
      else row.link.removeAttribute("aria-current");
    }
  }

  #more = false;

  #add(issues) {
    let first = null;
    for (const issue of issues) {
      if (this.has(issue.issueId)) continue;
      const row = this.#row(issue);
      this.#rows.set(issue.issueId, row);
      this.list.append(row.element);
      first ??= row;
    }
    return first;
  }

  #row(issue) {
    const known = this.store.put(issue);
    const row = issueRow(known, {
      selected: this.selection.has(known.issueId),
      onSelect: (id, on, range) => this.selection.toggle(id, on, range ? this.ids : null),
    });
    row.select(this.selection.has(known.issueId));
    row.address(this.#state);
    return row;
  }

  #finish(ended) {
    this.#more = !ended;
    this.#watcher.disconnect();
    clear(this.foot);
    if (!this.#rows.size) this.foot.append(this.#empty());
    else if (ended) this.foot.append(h("p", { class: "soft small" }, words.thatIsAll));
    else {
      const button = h("button", { type: "button", class: "button" }, words.loadMore);
      button.addEventListener("click", () => this.more());
      this.foot.append(button);
      this.#watcher.observe(button);
    }
    this.#showCount(ended);
  }

  #showCount(ended) {
    const { q, sort } = this.#state;
    const text = words.shown(this.#rows.size, ended, sort);
    this.count.textContent = q ? words.found(text, q) : text;
  }

  #empty() {
    const { q, view } = this.#state;
    const plain = !isNarrowed(this.#state);
    if (plain && view === "all") {
      const report = h("a", { class: "button", href: "/report" }, words.report);
      return h("div", { class: "empty" }, icon("inbox"), h("p", {}, words.emptyAll), report);
    }
    const todo = plain && view === "todo";
    let text = todo ? words.emptyTodo : words.emptyFiltered;
    if (q) text = words.emptySearch(q);
    const all = h("button", { type: "button", class: "button" }, words.showAll);
    all.addEventListener("click", () => this.dispatchEvent(new Event("showall")));
    return h(
      "div",
      { class: "empty" },
      icon(todo ? "circle-check" : "search"),
      h("p", {}, text),
      all,
    );
  }

  // What is shown stays, and is told to be what it is.
  #failToLoad(error, state) {
    const again = () => this.load(state);
    if (!this.#rows.size) {
      this.#fail(error, again);
      return;
    }
    const other = listKey(state) !== listKey(this.#state);
    const text = other ? words.failedOther : words.failed;
    this.notice.replaceChildren(retryNotice(text, error, again));
    this.pane.scrollTop = 0;
  }

  #fail(error, again) {
    this.#watcher.disconnect();
    this.foot.replaceChildren(retryNotice(words.failed, error, again));
    for (const skeleton of this.list.querySelectorAll(".row-skeleton")) skeleton.remove();
  }

  #showSkeletons() {
    clear(this.foot);
    this.list.replaceChildren(...skeletonRows());
  }

  #showSelection() {
    for (const [issueId, row] of this.#rows) row.select(this.selection.has(issueId));
  }

  #refreshTimes() {
    for (const [issueId, row] of this.#rows) row.update(this.store.get(issueId));
  }
}
