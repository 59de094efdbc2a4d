import { api } from "../../../base/api.js";
import { announce, clear, h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { retryNotice } from "../../../parts/retry-notice.js";
import { workHead, workNotes } from "../../work-order.js";
import { conflictText } from "../actions.js";
import { listKey } from "../address.js";
import { composers } from "./composers.js";
import { conversationPart } from "./conversation.js";
import { duplicatesPart } from "./duplicates.js";
import { fieldsPart, statusPart } from "./fields.js";
import { headPart } from "./head.js";
import { historyPart } from "./history.js";
import { photosPart } from "./photos.js";
import { reporterPart } from "./reporter.js";
import { texts } from "../texts.js";

const words = texts.detail;

// The open issue. Its parts are drawn once per issue and updated in place, so that nothing typed
// is lost when someone else changes it.
export class DetailPane {
  #id = null;
  #parts = null;
  #thread = null;
  #asking = null;
  #focus = false;
  // The version a conflict was told about; what is newer makes the notice old.
  #noticed = -1;

  constructor(context) {
    this.context = context;
    this.pane = context.pane;
    context.store.addEventListener("issue", ({ detail }) => this.#onIssue(detail));
    context.actions.addEventListener("conflict", (event) => this.#onConflict(event));
  }

  get issueId() {
    return this.#id;
  }

  // Show an issue; an empty id closes the pane.
  show(issueId, { focus = false } = {}) {
    if (issueId === this.#id) return;
    this.#asking?.abort();
    this.#id = issueId;
    this.#parts = null;
    this.#thread = null;
    this.#noticed = -1;
    this.pane.scrollTop = 0;
    if (!issueId) this.#showNothing();
    else {
      const known = this.context.store.get(issueId);
      if (known)
        this.#draw({
          issue: known,
          conversation: null,
          history: null,
          photos: null,
          duplicates: null,
        });
      else this.#showSkeleton();
      this.#focus = focus;
      if (known) this.#takeFocus();
      this.reload();
    }
  }

  async reload() {
    const issueId = this.#id;
    if (!issueId) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const thread = await api.get(`/api/issues/${encodeURIComponent(issueId)}`, {
        signal: asking.signal,
      });
      const issue = this.context.store.put(thread.issue);
      this.#draw({ ...thread, issue });
      this.#takeFocus();
    } catch (error) {
      if (!asking.signal.aborted) this.#fail(error);
    }
  }

  // Others' changes came in: read the rest of what belongs to the issue.
  hear({ changed, anything }) {
    if (this.#id && (anything || changed.includes(this.#id))) this.reload();
  }

  #draw(thread) {
    this.#thread = thread;
    if (this.#parts) {
      if (thread.issue.version > this.#noticed) this.notice.replaceChildren();
      for (const part of this.#parts) part.update?.(thread);
      return;
    }
    const context = { ...this.context, reload: () => this.reload() };
    const make = (maker) => maker(thread, context);
    const main = [headPart, photosPart, statusPart].map(make);
    const side = [fieldsPart, reporterPart, duplicatesPart].map(make);
    const rest = [conversationPart, composers, historyPart].map(make);
    const elements = (parts) => parts.map((part) => part.element);
    this.notice = h("div", { class: "detail-notice" });
    this.#parts = [...main, ...side, ...rest];
    this.pane.replaceChildren(
      h(
        "article",
        { class: "detail", "aria-labelledby": "detail-title" },
        workHead(thread.issue, { forStaff: true }),
        h("div", { class: "detail-main" }, this.notice, elements(main)),
        h("div", { class: "detail-side" }, elements(side)),
        h("div", { class: "detail-rest" }, elements(rest)),
        workNotes(),
      ),
    );
  }

  #onIssue(issue) {
    if (issue.issueId !== this.#id || !this.#thread) return;
    this.#draw({ ...this.#thread, issue });
  }

  #onConflict(event) {
    const conflict = event.detail;
    if (conflict.fresh.issueId !== this.#id || !this.#parts) return;
    event.preventDefault();
    const text = conflictText(conflict);
    this.#noticed = conflict.fresh.version;
    this.notice.replaceChildren(
      h("div", { class: "notice progress" }, icon("triangle-alert"), h("p", {}, text)),
    );
    this.notice.scrollIntoView({ block: "nearest" });
    announce(text);
  }

  #takeFocus() {
    if (!this.#focus) return;
    this.#focus = false;
    this.pane.querySelector("#detail-title")?.focus({ preventScroll: true });
  }

  #showNothing() {
    const keys = h(
      "button",
      { type: "button", class: "button quiet only-wide" },
      icon("keyboard"),
      texts.desk.chooseKeys,
    );
    keys.addEventListener("click", this.context.showKeys);
    this.pane.replaceChildren(
      h(
        "div",
        { class: "empty detail-empty" },
        icon("layout-dashboard"),
        h("p", {}, texts.desk.choose),
        keys,
      ),
    );
  }

  #showSkeleton() {
    clear(this.pane).append(
      h(
        "div",
        { class: "detail-skeleton", "aria-hidden": "true" },
        [1, 2, 3, 4].map(() => h("span", { class: "skeleton" })),
      ),
    );
  }

  #fail(error) {
    const missing = error.status === 404;
    const notice = missing
      ? h("div", { class: "notice urgent", role: "alert" }, h("p", {}, words.notFound))
      : retryNotice(words.failed, error, () => this.reload());
    if (this.#parts) this.notice.replaceChildren(notice);
    else this.pane.replaceChildren(h("div", { class: "detail-failed" }, this.#back(), notice));
  }

  #back() {
    const href = `/desk${listKey(this.context.state())}`;
    const props = { class: "button quiet only-narrow", href };
    return h("a", props, icon("arrow-left"), words.back);
  }
}
