import { api } from "../../base/api.js";
import { announce } from "../../base/dom.js";
import { listen } from "../../base/live.js";
import { toQuery } from "./address.js";
import { issuePager } from "./pager.js";
import { texts } from "./texts.js";

const CALM_MS = 400;
const AT_MOST_EVERY_MS = 2_000;
const SINGLY = 20;

// Keeps the list true while the page is open. New issues wait under a pill, so that nothing moves
// below someone's finger; known ones are updated where they are.
export class LiveList {
  #changed = new Set();
  #anything = false;
  #timer = 0;
  #last = 0;
  #waiting = new Map();
  #state = null;
  #newest = null;
  #generation = 0;

  constructor({ list, store, pill, accountId, onChange }) {
    this.list = list;
    this.store = store;
    this.pill = pill;
    this.accountId = accountId;
    this.onChange = onChange;
    pill.addEventListener("click", () => this.reveal());
    listen("/api/issues/events", (change) => this.#hear(change));
  }

  // Another list is shown: what waited belonged to the old one.
  follow(state) {
    this.#state = state;
    this.#newest = state.sort === "newest" ? null : this.#askNewest(state);
    this.#generation += 1;
    this.#waiting.clear();
    this.#showPill();
  }

  reveal() {
    if (!this.#waiting.size) return;
    const issues = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#showPill();
    this.list.insert(issues);
  }

  #hear({ kind, issueId }) {
    if (kind === "poll" || kind === "issue.reported") this.#anything = true;
    if (issueId) this.#changed.add(issueId);
    clearTimeout(this.#timer);
    const wait = Math.max(CALM_MS, this.#last + AT_MOST_EVERY_MS - Date.now());
    this.#timer = setTimeout(() => this.#catchUp(), wait);
  }

  async #catchUp() {
    if (!this.#state) return;
    this.#last = Date.now();
    const changed = [...this.#changed];
    const anything = this.#anything;
    this.#changed.clear();
    this.#anything = false;
    try {
      if (anything) await this.#readTop();
      await this.#readSingly(changed.filter((id) => this.store.get(id)));
    } catch (error) {
      // The next change or poll brings it.
      console.warn(error);
    }
    this.onChange({ changed, anything });
  }

  async #readTop() {
    const generation = this.#generation;
    const newest = (await this.#newest) ?? newestOf(this.list.ids.map((id) => this.store.get(id)));
    const issues = await this.#top(this.#state);
    if (generation !== this.#generation) return;
    for (const issue of issues) {
      this.store.put(issue);
      if (!this.list.has(issue.issueId) && issue.createdAt >= newest)
        this.#waiting.set(issue.issueId, issue);
    }
    this.#showPill();
  }

  #top(state) {
    return issuePager(toQuery({ ...state, sort: "newest" }, this.accountId))
      .next()
      .then(({ issues }) => issues);
  }

  // In another order the newest one need not be among the rows: what is newer than it is new.
  async #askNewest(state) {
    try {
      return newestOf(await this.#top(state));
    } catch (error) {
      console.warn(error);
      return null;
    }
  }

  async #readSingly(ids) {
    const some = ids.slice(-SINGLY);
    const found = await Promise.all(some.map((id) => api.get(`/api/issues/${id}`)));
    for (const { issue } of found) this.store.put(issue);
  }

  #showPill() {
    const n = this.#waiting.size;
    const text = n ? texts.desk.newReports(n) : "";
    const label = this.pill.lastElementChild;
    if (n && label.textContent !== text) announce(text);
    this.pill.hidden = n === 0;
    label.textContent = text;
  }
}

const newestOf = (issues) =>
  issues
    .map((issue) => issue.createdAt)
    .sort()
    .at(-1) ?? "";
