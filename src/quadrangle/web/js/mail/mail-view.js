import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { busy } from "../parts/forms.js";
import { icon } from "../parts/icons.js";
import { timeElement } from "../base/time.js";
import { toast } from "../parts/toast.js";
import { mailFrame } from "./mail-frame.js";
import { stateBadge } from "./mail-list.js";
import { outbox as words } from "./texts-outbox.js";

const FOLLOW_MS = 3_000;

// One mail: how far it came, and what it says.
export class MailView {
  #id = null;
  #asking = null;
  #timer = 0;
  #html = false;

  constructor({ onBack, onChanged }) {
    this.onBack = onBack;
    this.onChanged = onChanged;
    this.element = h("section", { class: "detail-pane", "aria-label": words.detail });
  }

  async show(mailId, { focus = false } = {}) {
    if (mailId === this.#id) return;
    this.#id = mailId;
    this.#asking?.abort();
    clearTimeout(this.#timer);
    this.element.scrollTop = 0;
    if (!mailId) {
      this.element.replaceChildren(
        h("div", { class: "empty" }, icon("mail"), h("p", {}, words.choose)),
      );
      return;
    }
    const { signal } = (this.#asking = new AbortController());
    try {
      this.#draw(await api.get(`/api/mail/outbox/${encodeURIComponent(mailId)}`, { signal }));
      if (focus) this.element.querySelector("h2").focus({ preventScroll: true });
    } catch (error) {
      if (signal.aborted) return;
      const text = error.status === 404 ? words.gone : error.message;
      this.element.replaceChildren(
        this.#back(),
        h("div", { class: "notice urgent", role: "alert" }, h("p", {}, text)),
      );
    }
  }

  // A queued mail is on its way: see where it ends.
  #follow(mail) {
    clearTimeout(this.#timer);
    if (mail.state !== "queued") return;
    this.#timer = setTimeout(async () => {
      const now = await api.get(`/api/mail/outbox/${mail.mailId}`).catch(() => mail);
      if (this.#id !== mail.mailId) return;
      if (now.state === mail.state && now.attempts === mail.attempts) this.#follow(now);
      else {
        this.#draw(now);
        this.onChanged();
      }
    }, FOLLOW_MS);
  }

  #back() {
    const back = h(
      "button",
      { type: "button", class: "button quiet detail-back" },
      icon("arrow-left"),
      words.back,
    );
    back.addEventListener("click", this.onBack);
    return back;
  }

  #draw(mail) {
    this.#follow(mail);
    this.element.replaceChildren(
      this.#back(),
      h(
        "div",
        { class: "mail-head" },
        h("h2", { tabindex: "-1" }, mail.subject || words.erased),
        mail.state !== "queued" && mail.to && this.#resend(mail),
      ),
      facts(mail),
      mail.lastError
        ? h(
            "div",
            { class: "mail-error" },
            h("h3", {}, words.lastError),
            h("pre", {}, mail.lastError),
          )
        : "",
      this.#body(mail),
    );
  }

  #resend(mail) {
    const button = h("button", { type: "button", class: "button" }, icon("send"), words.resend);
    button.addEventListener("click", () =>
      busy(button, async () => {
        try {
          const now = await api.post(`/api/mail/outbox/${mail.mailId}/resend`);
          this.#draw({ ...mail, ...now });
          toast(words.resent);
          this.element.querySelector("h2").focus({ preventScroll: true });
        } catch (error) {
          toast(error.message);
        }
        this.onChanged();
      }),
    );
    return button;
  }

  #body(mail) {
    if (!mail.to) return h("p", { class: "notice" }, words.erasedHint);
    if (mail.text === null) return h("p", { class: "notice" }, words.withheld);
    const place = h("div", { class: "mail-body" });
    const show = (html) => {
      this.#html = html;
      for (const [at, button] of buttons.entries())
        button.setAttribute("aria-pressed", String((at === 1) === html));
      place.replaceChildren(
        html ? mailFrame(mail.html) : h("pre", { class: "mail-text" }, mail.text),
      );
    };
    const buttons = [words.asText, words.asHtml].map((label, at) => {
      const button = h("button", { type: "button", class: "chip" }, label);
      button.addEventListener("click", () => show(at === 1));
      return button;
    });
    buttons[1].hidden = !mail.html;
    show(this.#html && Boolean(mail.html));
    return h(
      "div",
      {},
      h("div", { class: "mail-chips", role: "group", "aria-label": words.views }, buttons),
      place,
    );
  }
}

function facts(mail) {
  const rows = [
    [words.to, mail.to || words.formerMember],
    [words.stateFilter, stateBadge(mail.state)],
    [words.created, timeElement(mail.createdAt)],
    mail.sentAt && [words.sent, timeElement(mail.sentAt)],
    mail.state === "queued" && mail.nextAttemptAt && [words.next, timeElement(mail.nextAttemptAt)],
    [words.triedLabel, words.attempts(mail.attempts)],
    mail.calendarMethod && [words.calendar, words.calendarMethod(mail.calendarMethod)],
  ];
  return h(
    "dl",
    { class: "detail-facts" },
    rows
      .filter(Boolean)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}
