import { h } from "../../base/dom.js";
import { cursorList } from "./cursor-list.js";
import { skeletonRows } from "../skeleton.js";

/** One line of a row: what it says first ends in dots where room is short. */
export function line(first, ...last) {
  return h("span", { class: "list-line" }, first, ...last);
}

/**
 * Rows that open beside them what they stand for; one is marked as open. `key(item)` is the id of
 * an item and `lines(item)` what its row says; `href(id)` is where it is, and `open(id)` opens it.
 * `read` and `empty` are those of cursorList. `head` stands above and comes with the first rows, so
 * that nothing moves.
 */
export class RowList {
  #rows = new Map();
  #open = "";
  #wanted = null; // the row that takes the focus once it is there

  constructor({ key, lines, href, open, read, empty, head = [] }) {
    Object.assign(this, { key, lines, href, open });
    const list = h("ul", { role: "list", class: "list-rows" });
    const foot = h("div", { class: "list-foot" });
    this.list = cursorList({
      list,
      foot,
      read: (cursor, signal) => this.#read(read, cursor, signal),
      draw: (item) => this.#row(item),
      empty,
    });
    this.content = h("div", { hidden: true }, head, list, foot);
    this.waiting = h("ul", { role: "list" }, skeletonRows());
    this.element = h("div", {}, this.waiting, this.content);
  }

  async reload() {
    await this.list.reload();
    this.waiting.remove();
    this.content.hidden = false;
    if (this.#wanted && document.activeElement === document.body) this.focus(this.#wanted);
    this.#wanted = null;
  }

  /** Mark what is open; an empty id is nothing. */
  mark(id) {
    this.#open = id;
    for (const [one, { link }] of this.#rows) {
      if (one === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** The items there are, as they were drawn last, in their order. */
  get items() {
    return [...this.#rows.values()].map(({ item }) => item);
  }

  /** Draw one item as it is now, where it stands; false where it is not there. */
  update(item) {
    const row = this.#rows.get(this.key(item));
    if (!row) return false;
    const same = Object.keys(row.item).every((name) => row.item[name] === item[name]);
    row.item = item;
    if (!same) row.link.replaceChildren(...this.lines(item));
    return true;
  }

  focus(id) {
    if (this.content.hidden) this.#wanted = id;
    else this.#rows.get(id)?.link.focus();
  }

  focusFirst() {
    const [first] = this.#rows.values();
    first?.link.focus();
  }

  async #read(read, cursor, signal) {
    const answer = await read(cursor, signal);
    if (!cursor) this.#rows.clear();
    return answer;
  }

  #row(item) {
    const id = this.key(item);
    const current = id === this.#open && "true";
    const link = h(
      "a",
      { class: "list-row", href: this.href(id), "aria-current": current },
      this.lines(item),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(id);
    });
    this.#rows.set(id, { link, item });
    return h("li", {}, link);
  }
}
