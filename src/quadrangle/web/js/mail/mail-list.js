import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { timeElement } from "../base/time.js";
import { cursorList } from "../parts/cursor-list.js";
import { STATES, toAddress } from "./outbox-address.js";
import { skeletonRows } from "../parts/skeleton.js";
import { count as shownCount } from "../base/texts.js";
import { texts as words } from "./texts.js";

const SIZE = 50;
const ICONS = { queued: "clock", kept: "inbox", sent: "check", failed: "triangle-alert" };

export function stateBadge(state) {
  return h(
    "span",
    { class: "badge mail-state", dataset: { state } },
    icon(ICONS[state] ?? "mail"),
    words.states[state] ?? state,
  );
}

// The mails by state, newest first; `go` moves the page to another address.
export class MailList {
  #address = null;
  #chips = new Map();
  #rows = new Map();

  constructor({ go, isSmtp }) {
    this.go = go;
    this.hint = h("div", { class: "notice", hidden: true }, icon("info"), h("p"));
    this.hint.lastElementChild.textContent = isSmtp ? words.keptWithServer : words.keptHint;
    const list = h("ul", { role: "list", class: "list-rows" });
    const foot = h("div", { class: "list-foot" });
    this.list = cursorList({
      list,
      foot,
      read: (cursor, signal) => this.#read(cursor, signal),
      draw: (mail) => this.#row(mail),
      empty: () => this.#empty(),
    });
    const chips = h(
      "div",
      { class: "mail-chips", role: "group", "aria-label": words.stateFilter },
      STATES.map((state) => this.#chip(state)),
    );
    // Shown at once when the first answer is there, so that nothing moves.
    this.content = h("div", { hidden: true }, chips, this.hint, list, foot);
    this.waiting = h("ul", { role: "list" }, skeletonRows());
    this.element = h("div", { class: "list-side" }, this.waiting, this.content);
  }

  show(address) {
    const changed = address.state !== this.#address?.state;
    this.#address = address;
    for (const [state, { chip }] of this.#chips)
      chip.setAttribute("aria-pressed", String(state === address.state));
    if (changed) this.reload();
    this.#mark();
  }

  async reload() {
    await this.list.reload();
    this.waiting.remove();
    this.content.hidden = false;
  }

  focus(mailId) {
    this.#rows.get(mailId)?.focus();
  }

  #chip(state) {
    const count = h("span", { class: "count" });
    const chip = h("button", { type: "button", class: "chip" }, words.states[state], count);
    chip.addEventListener("click", () => this.go({ state, mail: "" }));
    this.#chips.set(state, { chip, count });
    return chip;
  }

  async #read(cursor, signal) {
    const query = { limit: SIZE };
    if (cursor) query.cursor = cursor;
    else this.#rows.clear();
    if (this.#address.state !== "all") query.state = this.#address.state;
    const { mails, nextCursor, counts } = await api.get("/api/mail/outbox", { query, signal });
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    for (const [state, { count }] of this.#chips)
      count.textContent = shownCount(state === "all" ? all : (counts[state] ?? 0));
    this.hint.hidden = !counts.kept;
    return { items: mails, nextCursor };
  }

  #row(mail) {
    const link = h(
      "a",
      { class: "list-row", href: toAddress({ ...this.#address, mail: mail.mailId }) },
      h(
        "span",
        { class: "list-line" },
        h("b", {}, mail.subject || words.erased),
        timeElement(mail.createdAt),
      ),
      h(
        "span",
        { class: "list-line" },
        h("span", { class: "mail-to" }, mail.to || words.formerMember),
        stateBadge(mail.state),
      ),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go({ mail: mail.mailId }, { focus: true });
    });
    this.#rows.set(mail.mailId, link);
    if (mail.mailId === this.#address.mail) link.setAttribute("aria-current", "true");
    return h("li", {}, link);
  }

  #mark() {
    for (const [mailId, link] of this.#rows) {
      if (mailId === this.#address.mail) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  #empty() {
    const { state } = this.#address;
    if (state === "all") {
      return h(
        "div",
        { class: "empty" },
        icon("mail"),
        h("p", {}, words.noMails),
        h("a", { class: "button", href: "/desk" }, words.toDesk),
      );
    }
    const all = h("button", { type: "button", class: "button" }, words.showAll);
    all.addEventListener("click", () => this.go({ state: "all" }));
    return h(
      "div",
      { class: "empty" },
      icon("mail"),
      h("p", {}, words.noneOf(words.states[state])),
      all,
    );
  }
}
