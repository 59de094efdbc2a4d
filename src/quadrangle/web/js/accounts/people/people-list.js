import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { line, RowList } from "../../parts/lists/row-list.js";
import { toAddress } from "./address.js";
import { shownEmail, statusBadge } from "./shown.js";
import { texts as words } from "./texts.js";

const SIZE = 50;
const asked = ({ q, role, status }) => JSON.stringify([q, role, status]);

// Everyone the address asks for, by name; `go` moves the page to another address.
export class PeopleList {
  #address = null;

  constructor({ go }) {
    this.go = go;
    this.rows = new RowList({
      key: (person) => person.accountId,
      lines,
      href: (person) => toAddress({ ...this.#address, person }),
      open: (person) => go({ person }, { focus: true }),
      read: (cursor, signal) => this.#read(cursor, signal),
      empty: () => this.#empty(),
    });
    this.element = this.rows.element;
  }

  show(address) {
    const changed = !this.#address || asked(address) !== asked(this.#address);
    this.#address = address;
    this.rows.mark(address.person);
    if (changed) this.reload();
  }

  reload() {
    return this.rows.reload();
  }

  /** Draw one person anew, who was changed on this page. */
  update(person) {
    this.rows.update(person);
  }

  focus(accountId) {
    this.rows.focus(accountId);
  }

  async #read(cursor, signal) {
    const { q, role, status } = this.#address;
    const query = { limit: SIZE, q, role, status, cursor };
    const { people, nextCursor } = await api.get("/api/accounts/people", { query, signal });
    return { items: people, nextCursor };
  }

  #empty() {
    const { q, role, status } = this.#address;
    if (!q && !role && !status)
      return h("div", { class: "empty" }, icon("users"), h("p", {}, words.nobody));
    const all = h("button", { type: "button", class: "button" }, words.showAll);
    all.addEventListener("click", () => this.go({ q: "", role: "", status: "" }));
    return h("div", { class: "empty" }, icon("search"), h("p", {}, words.noneFound), all);
  }
}

function lines(person) {
  const role = h("span", { class: "soft" }, words.roles[person.role] ?? person.role);
  const email = h("span", { class: "person-email" }, shownEmail(person));
  return [
    line(h("b", { dir: "auto" }, person.name), role),
    line(email, person.status !== "active" && statusBadge(person.status)),
  ];
}
