import { api } from "../base/api.js";
import { config } from "../base/config.js";
import { h } from "../base/dom.js";
import { requireStaff } from "../parts/frame.js";
import { pageFailed } from "../parts/page-failed.js";
import { tabs } from "../parts/tabs.js";
import { deadLetters } from "../operation/dead-letters.js";
import { MailList } from "./mail-list.js";
import { MailView } from "./mail-view.js";
import { readAddress, toAddress } from "./outbox-address.js";
import { count } from "../base/texts.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("#main");

async function start() {
  const asked = config();
  asked.catch(() => {}); // whoever is not staff is sent away first
  const account = await requireStaff();
  const { mailDelivery } = await asked;
  const list = new MailList({ go, isSmtp: mailDelivery === "smtp" });
  const view = new MailView({ onBack: back, onChanged: () => list.reload() });
  const dead = deadLetters({
    isAdmin: account.role === "admin",
    onCount: showDeadCount,
  });
  const panels = {
    mails: h("div", { class: "list-detail" }, list.element, view.element),
    dead: dead.element,
  };
  const deadCount = h("span", { class: "count" });
  const { bar, show: showTab } = tabs({
    label: words.title,
    items: [
      { name: "mails", label: words.tabs.mails, panel: panels.mails },
      { name: "dead", label: [words.tabs.dead, deadCount], panel: panels.dead },
    ],
    chosen: readAddress().tab,
    onChange: (tab) => tab !== address.tab && go({ tab, mail: "" }),
  });
  main.classList.add("outbox");
  // The heading stays when a phone hides everything but the open mail.
  main.replaceChildren(
    h("h1", { class: "visually-hidden" }, words.title),
    h(
      "div",
      { class: "outbox-head" },
      h("p", { class: "page-name", "aria-hidden": "true" }, words.title),
      bar,
    ),
    panels.mails,
    panels.dead,
  );
  let address = { ...readAddress(), tab: null };

  function showDeadCount(n) {
    deadCount.textContent = n ? count(n) : "";
  }

  function go(changes, { focus = false } = {}) {
    const next = { ...address, ...changes };
    const to = toAddress(next);
    // From one mail to the next the way back still leads to the list.
    if (address.mail && next.mail) history.replaceState(history.state, "", to);
    else history.pushState({ fromList: Boolean(next.mail) }, "", to);
    show(next, focus);
  }

  function back() {
    if (history.state?.fromList) history.back();
    else go({ mail: "" });
  }

  function show(next, focus = false) {
    const before = address;
    address = next;
    showTab(next.tab);
    main.classList.toggle("reading", Boolean(next.mail) && next.tab === "mails");
    if (next.tab === "mails") {
      list.show(next);
      view.show(next.mail, { focus });
      if (before.mail && !next.mail) list.focus(before.mail);
    } else if (before.tab !== "dead") dead.reload();
  }

  addEventListener("popstate", () => show(readAddress()));
  show(readAddress());
  if (address.tab === "mails") {
    const waiting = await api.get("/api/jobs/dead", { query: { limit: 1 } });
    showDeadCount(waiting.count);
  }
}

start().catch((error) => pageFailed(main, error));
