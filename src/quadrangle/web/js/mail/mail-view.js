import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { DetailPane, facts } from "../parts/lists/detail-pane.js";
import { timeElement } from "../base/time.js";
import { toast } from "../parts/overlays/toast.js";
import { mailBody } from "./mail-body.js";
import { stateBadge } from "./state-badge.js";
import { texts as words } from "./texts.js";

const FOLLOW_MS = 3_000;
const pathOf = (mailId) => `/api/mail/outbox/${encodeURIComponent(mailId)}`;

// One mail: how far it came, and what it says. `onChanged()` is called when it came further; `leaves` tells
// that there is a way for mails to leave, without which none can be sent again.
export function mailView({ onBack, onChanged, leaves }) {
  const body = mailBody();
  let timer = 0;
  let drawn = null;
  const pane = new DetailPane({
    words,
    iconName: "mail",
    read: (mailId, signal) => api.get(pathOf(mailId), { signal }),
    draw,
    onBack,
  });

  function draw(mail) {
    drawn = mail;
    follow(mail);
    return [
      h(
        "div",
        { class: "mail-head" },
        h("h2", { tabindex: "-1", dir: "auto" }, mail.subject || words.erased),
        leaves && mail.state !== "queued" && mail.textKept && resendButton(mail),
      ),
      whatIsKnown(mail),
      mail.lastError && reason(mail),
      body(mail),
    ];
  }

  // A queued mail is on its way: see where it ends.
  function follow(mail) {
    clearTimeout(timer);
    if (mail.state !== "queued") return;
    timer = setTimeout(async () => {
      if (pane.id !== mail.mailId) return;
      const now = await api.get(pathOf(mail.mailId)).catch(() => mail);
      if (pane.id !== mail.mailId) return;
      if (now.state === mail.state && now.attempts === mail.attempts) follow(now);
      else {
        renew(now);
        onChanged();
      }
    }, FOLLOW_MS);
  }

  /** Draw the open mail as it is now; who is at its heading stays there. */
  function renew(mail) {
    const atHeading = document.activeElement === pane.element.querySelector("h2");
    pane.update(mail);
    if (atHeading) pane.focus();
  }

  /** Hear how mails are now; somebody who is at something in the open one is not disturbed. */
  async function hear(mails) {
    const heard = mails.find(({ mailId }) => mailId === pane.id && mailId === drawn?.mailId);
    if (!heard || (heard.state === drawn.state && heard.attempts === drawn.attempts)) return;
    const now = await api.get(pathOf(heard.mailId)).catch(() => null);
    const inside = pane.element.contains(document.activeElement);
    const busyThere = inside && document.activeElement.localName !== "h2";
    if (now && !busyThere && pane.id === now.mailId) renew(now);
  }

  async function resend(mail) {
    try {
      const now = await api.post(`${pathOf(mail.mailId)}/resend`);
      if (pane.id === mail.mailId) {
        pane.update({ ...mail, ...now });
        pane.focus();
      }
      toast(words.resent);
    } catch (error) {
      toast(error.message);
    }
    onChanged();
  }

  function resendButton(mail) {
    const button = h("button", { type: "button", class: "button" }, icon("send"), words.resend);
    button.addEventListener("click", () => busy(button, () => resend(mail)));
    return button;
  }

  return { pane, hear };
}

function whatIsKnown(mail) {
  const waits = mail.state === "queued" && mail.nextAttemptAt;
  return facts(
    [words.to, mail.to || words.formerMember],
    [words.stateFilter, stateBadge(mail.state)],
    [words.created, timeElement(mail.createdAt)],
    mail.sentAt && [words.sent, timeElement(mail.sentAt)],
    waits && [words.next, timeElement(mail.nextAttemptAt)],
    [words.triedLabel, words.attempts(mail.attempts)],
    mail.calendarMethod && [words.calendar, words.calendarMethod(mail.calendarMethod)],
  );
}

/** Why it was not sent: by an error, or as it is of no use any more. */
function reason(mail) {
  if (mail.state === "over")
    return h("div", {}, h("h3", {}, words.whyOver), h("p", {}, mail.lastError));
  const title = h("h3", {}, words.lastError);
  return h("div", { class: "mail-error" }, title, h("pre", {}, mail.lastError));
}
