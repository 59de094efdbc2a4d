import { api } from "../base/api.js";
import { append, clear, h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { retryNotice } from "../parts/retry-notice.js";
import { toast } from "../parts/overlays/toast.js";
import { texts } from "./texts.js";

const words = texts.setUp;

/** A setting: what holds and where it is set; none where neither is known, `absent` where it is not told. */
function row(label, { name, value }, absent, shown = value) {
  if (!name && value === null) return null;
  return h(
    "div",
    {},
    h("dt", {}, label),
    h("dd", {}, shown ?? absent),
    name && h("dd", { class: "soft small" }, `${words.by} `, h("code", {}, name)),
  );
}

/** A button that writes a mail to whoever presses it; `onTried` once it is written. */
export function testButton(to, onTried) {
  const button = h("button", { type: "button", class: "button" }, icon("send"), texts.test);
  button.addEventListener("click", () =>
    busy(button, async () => {
      try {
        await api.post("/api/mail/outbox/test", { to });
        toast(texts.tested(to));
      } catch (error) {
        toast(error.message);
      }
      await onTried();
    }),
  );
  return button;
}

/** How mails leave and by which settings, for administrators; `email` is the reader's own. */
export function setUpPanel({ email, onTried }) {
  const place = h("div", { class: "stack" });
  const element = h("section", { class: "mail-set-up", "aria-label": texts.tabs.setUp }, place);

  async function load() {
    try {
      draw(await api.get("/api/mail/outbox/set-up"));
    } catch (error) {
      clear(place).append(retryNotice("", error, load));
    }
  }

  function draw({ delivery, server, sender, alerts, links, statusWait }) {
    const leaves = delivery !== "outbox";
    const onAws = delivery === "ses";
    const absent = onAws ? words.elsewhere : words.none;
    append(
      clear(place),
      h("p", {}, h("b", {}, words[delivery])),
      h(
        "dl",
        { class: "set-up-rows" },
        row(words.server, server, absent),
        row(words.sender, sender, absent),
        row(words.alerts, alerts, absent),
        row(words.links, links, absent),
        row(words.statusWait, statusWait, absent, words.seconds(statusWait.value)),
      ),
      h("p", {}, onAws ? words.where.aws : words.where.machine),
      h("p", {}, words.campus, h("a", { href: "/settings" }, words.campusLink), "."),
      h("h2", {}, words.tryIt),
      h("p", {}, leaves ? words.tryHint(email) : words.noTry),
      leaves && h("div", {}, testButton(email, onTried)),
    );
  }

  return { element, load };
}
