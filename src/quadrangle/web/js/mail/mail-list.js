import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { timeElement } from "../base/time.js";
import { isLoopback } from "../base/public-address.js";
import { icon } from "../parts/icons.js";
import { line, RowList } from "../parts/lists/row-list.js";
import { newPill } from "../parts/lists/new-pill.js";
import { searchField, searchForm } from "../parts/forms/search.js";
import { KeptNotice } from "./kept-notice.js";
import { toAddress } from "./outbox-address.js";
import { testButton } from "./set-up.js";
import { stateBadge } from "./state-badge.js";
import { StateChips } from "./state-chips.js";
import { texts as words } from "./texts.js";

const SIZE = 50;
const SINGLY = 20; // mails that are looked at one by one, each time

// The mails by state, newest first; `go` moves the page to another address.
export class MailList {
  #address = null;
  #shown = 0; // which list it is: what was asked of another one is of no account

  /** `testedBy` is the address an administrator tries mails with, null for others. */
  constructor({ go, isSmtp, publicUrl, testedBy }) {
    this.go = go;
    this.waits = isSmtp ? ["queued", "kept"] : ["queued"];
    this.chips = new StateChips((state) => go({ state, mail: "" }));
    this.kept = new KeptNotice({ isSmtp, onSent: () => this.reload() });
    this.pill = newPill({
      words: words.newMails,
      onPress: async () => {
        await this.reload();
        this.rows.focusFirst();
      },
    });
    const form = searchForm("outbox-q", words);
    this.search = searchField(form, (q) => go({ q, mail: "" }, { replace: true }));
    this.rows = new RowList({
      key: (mail) => mail.mailId,
      lines,
      href: (mail) => toAddress({ ...this.#address, mail }),
      open: (mail) => go({ mail }, { focus: true }),
      read: (cursor, signal) => this.#read(cursor, signal),
      empty: () => this.#empty(),
      head: [
        form,
        this.chips.element,
        isSmtp && publicUrl && isLoopback(publicUrl) && warning(words.localLinks(publicUrl)),
        this.kept.element,
        isSmtp && testedBy && this.#test(testedBy),
        this.pill.element,
      ].filter(Boolean),
    });
    this.element = this.rows.element;
  }

  show(address) {
    if (address.tab !== "mails") return;
    const { state, q } = address;
    const changed = state !== this.#address?.state || q !== this.#address?.q;
    this.#address = address;
    this.chips.press(state);
    this.search.show(q);
    this.rows.mark(address.mail);
    if (changed) this.reload();
  }

  reload() {
    this.#shown += 1;
    this.pill.show(0);
    return this.rows.reload();
  }

  focus(mailId) {
    this.rows.focus(mailId);
  }

  /** Read again what may have changed: the newest ones, and those further down that may have moved on. */
  async look() {
    const shown = this.#shown;
    const top = await this.#ask(null);
    const moved = movedOn(this.rows.items, top, this.waits);
    const singly = await Promise.all(
      moved.map(({ mailId }) => api.get(`/api/mail/outbox/${encodeURIComponent(mailId)}`)),
    );
    return { shown, top, mails: [...top.mails, ...singly] };
  }

  /** Show what `look` found: rows stay where they are, new ones wait until somebody wants them. */
  freshen({ shown, top, mails }) {
    if (shown !== this.#shown) return;
    this.#count(top.counts);
    if (!this.rows.items.length && top.mails.length) {
      this.reload();
      return;
    }
    const unknown = mails.filter((mail) => !this.rows.update(mail));
    this.pill.show(unknown.length, unknown.length === SIZE);
  }

  #ask(cursor, signal) {
    const { state, q } = this.#address;
    const query = { limit: SIZE, cursor, state: state === "all" ? null : state, q: q || null };
    return api.get("/api/mail/outbox", { query, signal });
  }

  async #read(cursor, signal) {
    const { mails, nextCursor, counts } = await this.#ask(cursor, signal);
    this.#count(counts);
    return { items: mails, nextCursor };
  }

  #count(counts) {
    this.chips.show(counts);
    this.kept.show(counts.kept ?? 0);
  }

  #test(to) {
    return h("div", { class: "mail-test" }, testButton(to, () => this.reload()));
  }

  #empty() {
    const { state, q } = this.#address;
    if (state === "all" && !q) {
      const way = h("a", { class: "button", href: "/desk" }, words.toDesk);
      return h("div", { class: "empty" }, icon("mail"), h("p", {}, words.noMails), way);
    }
    const all = h("button", { type: "button", class: "button" }, words.showAll);
    all.addEventListener("click", () => this.go({ state: "all", q: "" }));
    const text = q ? words.noneFor(q) : words.noneOf[state];
    return h("div", { class: "empty" }, icon(q ? "search" : "mail"), h("p", {}, text), all);
  }
}

/** Which of the rows are not among the newest any more though they would be, or may be settled by now. */
function movedOn(items, { mails, nextCursor }, waits) {
  const again = new Set(mails.map(({ mailId }) => mailId));
  const since = nextCursor ? (mails.at(-1)?.createdAt ?? null) : "";
  return items
    .filter(({ mailId }) => !again.has(mailId))
    .filter((mail) => waits.includes(mail.state) || (since !== null && mail.createdAt >= since))
    .slice(0, SINGLY);
}

function warning(text) {
  return h("div", { class: "notice" }, icon("triangle-alert"), h("p", {}, text));
}

function lines(mail) {
  const to = h("span", { class: "mail-to" }, mail.to || words.formerMember);
  const subject = h("b", { class: "mail-subject", dir: "auto" }, mail.subject || words.erased);
  return [line(subject, timeElement(mail.createdAt)), line(to, stateBadge(mail.state))];
}
