import { api } from "../base/api.js";
import { config } from "../base/config.js";
import { h } from "../base/dom.js";
import { count } from "../base/texts.js";
import { lookAgain } from "../base/look-again.js";
import { requireStaff } from "../base/account.js";
import { ListDetail, sideBySide } from "../parts/lists/list-detail.js";
import { pageFailed } from "../parts/page-failed.js";
import { tabs } from "../parts/tabs.js";
import { deadLetters } from "../operation/dead-letters.js";
import { MailList } from "./mail-list.js";
import { mailView } from "./mail-view.js";
import { readAddress, toAddress } from "./outbox-address.js";
import { setUpPanel } from "./set-up.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("#main");

async function start() {
  const asked = config();
  asked.catch(() => {}); // whoever is not staff is sent away first
  const account = await requireStaff();
  const { mailDelivery, publicUrl } = await asked;
  const page = new ListDetail({ name: "mail", readAddress, toAddress });
  const list = new MailList({
    go: page.go,
    isSmtp: mailDelivery === "smtp",
    publicUrl,
    testedBy: account.role === "admin" ? account.email : null,
  });
  const { pane, hear } = mailView({
    onBack: page.back,
    onChanged: () => look(),
    leaves: mailDelivery === "smtp",
  });
  const deadCount = h("span", { class: "count" });
  const showDeadCount = (n) => {
    deadCount.textContent = n ? count(n) : "";
  };
  const isAdmin = account.role === "admin";
  const dead = deadLetters({ isAdmin, onCount: showDeadCount });
  const mails = sideBySide(list.element, pane);
  // Mails write no change that a stream could tell of.
  const look = lookAgain(
    async () => {
      const [found, waiting] = await Promise.all([
        page.address.tab === "mails" && list.look(),
        deadWaiting(),
      ]);
      return { found, waiting };
    },
    ({ found, waiting }) => {
      showDeadCount(waiting);
      if (!found) return;
      list.freshen(found);
      hear(found.mails);
    },
  );
  const setUp = setUpPanel({ email: account.email, onTried: () => list.reload() });
  const { bar, show: showTab } = tabs({
    label: words.title,
    items: [
      { name: "mails", label: words.tabs.mails, panel: mails },
      { name: "dead", label: [words.tabs.dead, deadCount], panel: dead.element },
      ...(isAdmin ? [{ name: "set-up", label: words.tabs.setUp, panel: setUp.element }] : []),
    ],
    chosen: page.address.tab,
    onChange: (tab) => tab !== page.address.tab && page.go({ tab, mail: "" }),
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
    mails,
    dead.element,
    isAdmin ? setUp.element : "",
  );
  let shown = null;
  function onShow({ tab }) {
    showTab(tab === "set-up" && !isAdmin ? "mails" : tab);
    if (tab === "set-up" && isAdmin && tab !== shown) setUp.load();
    if (tab === "dead" && tab !== shown) dead.reload();
    shown = tab;
  }
  page.begin({ main, list, pane, onShow });
  if (shown === "mails") showDeadCount(await deadWaiting());
}

/** How many jobs wait for a person. */
async function deadWaiting() {
  return (await api.get("/api/jobs/dead", { query: { limit: 1 } })).count;
}

start().catch((error) => pageFailed(main, error));
