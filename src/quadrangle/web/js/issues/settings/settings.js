import { h } from "../../base/dom.js";
import { requireStaff } from "../../base/account.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { tabs } from "../../parts/tabs.js";
import { catalogForm } from "./catalog-form.js";
import { guardLeaving } from "./leave-guard.js";
import { pinForm } from "./pin-form.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("#main");

function page(account, ...content) {
  const own =
    account.accountId &&
    h("p", { class: "soft" }, `${words.own} `, h("a", { href: "/account" }, words.myAccount));
  main.replaceChildren(
    h("div", { class: "column settings" }, h("h1", {}, words.title), own, content),
  );
}

function toPeople() {
  return h(
    "section",
    { class: "card settings-card", "aria-labelledby": "staff-title" },
    h("h2", { id: "staff-title" }, words.staff),
    h("p", { class: "soft" }, words.staffHint),
    h("a", { class: "button", href: "/people" }, icon("users"), words.toPeople),
  );
}

async function forAdmins(account) {
  const catalog = await catalogForm();
  const panels = {
    campus: h("div", {}, catalog.element),
    staff: h("div", { class: "stack" }, toPeople(), pinForm()),
  };
  const items = Object.entries(panels).map(([name, panel]) => ({
    name,
    panel,
    label: words.tabs[name],
  }));
  const { bar, show } = tabs({ label: words.title, items, chosen: read(), onChange: go });

  function read() {
    const tab = new URLSearchParams(location.search).get("tab");
    return Object.hasOwn(words.tabs, tab) ? tab : "campus";
  }

  function go(tab) {
    if (tab === read()) return;
    history.pushState({}, "", tab === "campus" ? "/settings" : `/settings?tab=${tab}`);
  }

  page(account, bar, ...Object.values(panels));
  addEventListener("popstate", () => show(read()));
  guardLeaving(catalog.isDirty);
}

async function start() {
  const account = await requireStaff();
  if (account.role === "admin") await forAdmins(account);
  else page(account, h("div", { class: "notice" }, icon("info"), h("p", {}, words.forAdmins)));
}

start().catch((error) => pageFailed(main, error));
