import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { count } from "../base/texts.js";
import { timeElement } from "../base/time.js";
import { isLoopback } from "../base/public-address.js";
import { badge } from "../parts/badge.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { line, RowList } from "../parts/lists/row-list.js";
import { toast } from "../parts/overlays/toast.js";
import { STATES, toAddress } from "./outbox-address.js";
import { testButton } from "./set-up.js";
import { texts as words } from "./texts.js";

const SIZE = 50;
const ICONS = { queued: "clock", kept: "inbox", sent: "check", failed: "triangle-alert" };
const TONES = { queued: "progress", sent: "done", failed: "urgent" };

export function stateBadge(state) {
  const word = words.states[state] ?? state;
  return badge(word, { iconName: ICONS[state] ?? "mail", tone: TONES[state] });
}

// The mails by state, newest first; `go` moves the page to another address.
export class MailList {
  #address = null;
  #chips = new Map();

  /** `testedBy` is the address an administrator tries mails with, null for others. */
  constructor({ go, isSmtp, publicUrl, testedBy }) {
    this.go = go;
    this.isSmtp = isSmtp;
    this.sendKept = h("button", { type: "button", class: "button", hidden: !isSmtp });
    this.sendKept.addEventListener("click", () => busy(this.sendKept, () => this.#sendKept()));
    const hint = isSmtp ? words.keptWithServer : words.keptHint;
    this.hint = h(
      "div",
      { class: "notice", hidden: true },
      icon("info"),
      h("div", { class: "stack tight" }, h("p", {}, hint), h("div", {}, this.sendKept)),
    );
    const label = { role: "group", "aria-label": words.stateFilter };
    const chips = STATES.map((state) => this.#chip(state));
    this.rows = new RowList({
      key: (mail) => mail.mailId,
      lines,
      href: (mail) => toAddress({ ...this.#address, mail }),
      open: (mail) => go({ mail }, { focus: true }),
      read: (cursor, signal) => this.#read(cursor, signal),
      empty: () => this.#empty(),
      head: [
        h("div", { class: "mail-chips", ...label }, chips),
        isSmtp && publicUrl && isLoopback(publicUrl) && warning(words.localLinks(publicUrl)),
        this.hint,
        isSmtp && testedBy && this.#test(testedBy),
      ].filter(Boolean),
    });
    this.element = this.rows.element;
  }

  show(address) {
    if (address.tab !== "mails") return;
    const changed = address.state !== this.#address?.state;
    this.#address = address;
    for (const [state, { chip }] of this.#chips)
      chip.setAttribute("aria-pressed", String(state === address.state));
    this.rows.mark(address.mail);
    if (changed) this.reload();
  }

  reload() {
    return this.rows.reload();
  }

  focus(mailId) {
    this.rows.focus(mailId);
  }

  #chip(state) {
    const number = h("span", { class: "count" });
    const chip = h("button", { type: "button", class: "chip" }, words.states[state], number);
    chip.addEventListener("click", () => this.go({ state, mail: "" }));
    this.#chips.set(state, { chip, number });
    return chip;
  }

  async #read(cursor, signal) {
    const { state } = this.#address;
    const query = { limit: SIZE, cursor, state: state === "all" ? null : state };
    const { mails, nextCursor, counts } = await api.get("/api/mail/outbox", { query, signal });
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    for (const [one, { number }] of this.#chips)
      number.textContent = count(one === "all" ? all : (counts[one] ?? 0));
    this.hint.hidden = !counts.kept;
    this.sendKept.replaceChildren(icon("send"), words.sendKept(counts.kept ?? 0));
    return { items: mails, nextCursor };
  }

  #test(to) {
    return h("div", { class: "mail-test" }, testButton(to, () => this.reload()));
  }

  async #sendKept() {
    try {
      let queued = 0;
      let answer;
      do {
        answer = await api.post("/api/mail/outbox/send-kept");
        queued += answer.queued;
      } while (answer.left > 0 && answer.queued > 0);
      toast(words.keptSent(queued));
    } catch (error) {
      toast(error.message);
    }
    await this.reload();
  }

  #empty() {
    const { state } = this.#address;
    if (state === "all") {
      const way = h("a", { class: "button", href: "/desk" }, words.toDesk);
      return h("div", { class: "empty" }, icon("mail"), h("p", {}, words.noMails), way);
    }
    const all = h("button", { type: "button", class: "button" }, words.showAll);
    all.addEventListener("click", () => this.go({ state: "all" }));
    const text = h("p", {}, words.noneOf(words.states[state]));
    return h("div", { class: "empty" }, icon("mail"), text, all);
  }
}

function warning(text) {
  return h("div", { class: "notice" }, icon("triangle-alert"), h("p", {}, text));
}

function lines(mail) {
  const to = h("span", { class: "mail-to" }, mail.to || words.formerMember);
  return [
    line(h("b", { dir: "auto" }, mail.subject || words.erased), timeElement(mail.createdAt)),
    line(to, stateBadge(mail.state)),
  ];
}
