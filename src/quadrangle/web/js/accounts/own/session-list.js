import { forgetAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { h } from "../../base/dom.js";
import { badge } from "../../parts/badge.js";
import { icon } from "../../parts/icons.js";
import { timeElement } from "../../base/time.js";
import { toast } from "../../parts/overlays/toast.js";
import { deviceName } from "./device-name.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";

const words = texts.sessions;

async function end({ sessionId }, reload) {
  try {
    await api.delete(`/api/accounts/me/sessions/${encodeURIComponent(sessionId)}`);
    toast(words.ended);
  } catch (error) {
    if (error.status !== 404) {
      toast(error.message);
      return;
    }
  }
  await reload();
}

async function endAll() {
  const sure = await confirmDialog({
    text: words.everywhereSure,
    yes: words.everywhere,
    no: texts.cancel,
  });
  if (!sure) return;
  try {
    await api.post("/api/accounts/sign-out-everywhere");
    forgetAccount();
    location.assign("/sign-in");
  } catch (error) {
    toast(error.message);
  }
}

function row(session, reload) {
  const { device, method, address, seenAt, createdAt, current } = session;
  const name = deviceName(device);
  const mobile = /\b(iPhone|iPad|Android|Mobile)\b/.test(device);
  const where = [words.by(words.methods[method] ?? method), address && words.from(address)];
  return h(
    "li",
    { class: "account-item" },
    icon(mobile ? "smartphone" : "monitor"),
    h(
      "div",
      { class: "account-item-text" },
      h(
        "p",
        {},
        h("b", { title: device }, name),
        current && [" ", badge(words.thisOne, { tone: "done" })],
      ),
      h("p", { class: "soft small" }, where.filter(Boolean).join(" ")),
      h(
        "p",
        { class: "soft small" },
        `${words.seen} `,
        timeElement(seenAt),
        `, ${words.begun} `,
        timeElement(createdAt),
      ),
    ),
    !current &&
      h(
        "div",
        { class: "account-item-tools" },
        actionButton(words.end, () => end(session, reload), {
          className: "button quiet",
          name: words.endOf(name),
        }),
      ),
  );
}

/** One's sign-ins, with what ends them. `reload` shows the account anew. */
export function sessionList(sessions, reload) {
  const ordered = sessions.toSorted((a, b) => b.current - a.current);
  return section(
    "sign-ins",
    words.title,
    h("p", { class: "soft" }, words.text),
    h(
      "ul",
      { role: "list", class: "account-list" },
      ordered.map((session) => row(session, reload)),
    ),
    h("div", {}, actionButton(words.everywhere, endAll)),
  );
}
