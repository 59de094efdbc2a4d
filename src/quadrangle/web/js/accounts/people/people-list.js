import { api } from "../../base/api.js";
import { cursorList } from "../../parts/cursor-list.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { toAddress } from "./address.js";
import { shownEmail, statusBadge } from "./shown.js";
import { texts as words } from "./texts.js";

const SIZE = 50;
const asked = ({ q, role, status }) => JSON.stringify([q, role, status]);

// Everyone the address asks for, by name; `go` moves the page to another address.
export class PeopleList {
  #address = null;
  #rows = new Map();

  constructor({ go }) {
    this.go = go;
    this.ul = h("ul", { role: "list", class: "list-rows" });
    const foot = h("div", { class: "list-foot" });
    this.list = cursorList({
      list: this.ul,
      foot,
      read: (cursor, signal) => this.#read(cursor, signal),
      draw: (person) => this.#row(person),
      empty: () => this.#empty(),
    });
    this.waiting = h("ul", { role: "list" }, skeletonRows());
    this.element = h("div", { class: "people-rows" }, this.waiting, this.ul, foot);
  }

  show(address) {
    const changed = !this.#address || asked(address) !== asked(this.#address);
    this.#address = address;
    if (changed) this.reload();
    this.#mark();
  }

  async reload() {
    await this.list.reload();
    this.waiting.remove();
  }

  /** Draw one person anew, who was changed on this page. */
  update(person) {
    const row = this.#rows.get(person.accountId);
    row?.closest("li").replaceWith(this.#row(person));
  }

  focus(accountId) {
    this.#rows.get(accountId)?.focus();
  }

  async #read(cursor, signal) {
    const { q, role, status } = this.#address;
    const query = { limit: SIZE, q, role, status, cursor };
    const { people, nextCursor } = await api.get("/api/accounts/people", { query, signal });
    if (!cursor) this.#rows.clear();
    return { items: people, nextCursor };
  }

  #row(person) {
    const link = h(
      "a",
      {
        class: "list-row",
        href: toAddress({ ...this.#address, person: person.accountId }),
        "aria-current": person.accountId === this.#address.person && "true",
      },
      h(
        "span",
        { class: "list-line" },
        h("b", {}, person.name),
        h("span", { class: "soft" }, words.roles[person.role] ?? person.role),
      ),
      h(
        "span",
        { class: "list-line" },
        h("span", { class: "person-email" }, shownEmail(person)),
        person.status !== "active" && statusBadge(person.status),
      ),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go({ person: person.accountId }, { focus: true });
    });
    this.#rows.set(person.accountId, link);
    return h("li", {}, link);
  }

  #mark() {
    for (const [accountId, link] of this.#rows) {
      if (accountId === this.#address.person) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
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
