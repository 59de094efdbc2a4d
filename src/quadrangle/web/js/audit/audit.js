import { address as apiAddress, api } from "../base/api.js";
import { h } from "../base/dom.js";
import { requireStaff } from "../base/account.js";
import { icon } from "../parts/icons.js";
import { pageFailed } from "../parts/page-failed.js";
import { isNarrowed, readAddress, toAddress, toQuery } from "./audit-address.js";
import { auditFilters } from "./audit-filters.js";
import { auditRecord } from "./audit-record.js";
import { cursorList } from "../parts/lists/cursor-list.js";
import { texts as words } from "./texts.js";

const PATH = "/api/accounts/audit";
const main = document.querySelector("#main");
const page = (...content) =>
  main.replaceChildren(h("div", { class: "page audit" }, h("h1", {}, words.title), ...content));

async function forAdmins() {
  const { staff } = await api.get("/api/accounts/staff");
  const filters = auditFilters({ people: staff, onChange: narrow });
  const download = h("a", { class: "button", download: "" }, icon("download"), words.export);
  const clear = h("a", { class: "button quiet", href: "/audit" }, icon("x"), words.clear);
  const items = h("ul", { role: "list", class: "audit-list" });
  const foot = h("div", { class: "list-foot" });
  const list = cursorList({ list: items, foot, read, draw, empty });

  async function read(cursor, signal) {
    const query = { ...toQuery(readAddress()), ...(cursor && { cursor }) };
    const { records, nextCursor } = await api.get(PATH, { query, signal });
    return { items: records, nextCursor };
  }

  function draw(record) {
    return auditRecord(record, (more) => toAddress({ ...readAddress(), ...more }));
  }

  function empty() {
    const narrowed = isNarrowed(readAddress());
    const text = h("p", {}, narrowed ? words.noneFound : words.empty);
    const way = narrowed && h("a", { class: "button", href: "/audit" }, words.clear);
    return h("div", { class: "empty" }, icon("history"), text, way);
  }

  function narrow(changed) {
    history.pushState({}, "", toAddress({ ...readAddress(), ...changed }));
    show();
  }

  async function show() {
    const chosen = readAddress();
    filters.show(chosen);
    clear.hidden = !isNarrowed(chosen);
    download.href = await apiAddress(`${PATH}.csv`, toQuery(chosen));
    await list.reload();
  }

  page(
    h("p", { class: "soft" }, words.hint),
    filters.element,
    h("div", { class: "row spread" }, download, clear),
    items,
    foot,
  );
  addEventListener("popstate", show);
  await show();
}

async function start() {
  const account = await requireStaff();
  if (account.role === "admin") await forAdmins();
  else page(h("div", { class: "notice" }, icon("info"), h("p", {}, words.forAdmins)));
}

start().catch((error) => pageFailed(main, error));
