import { h } from "../../base/dom.js";

/**
 * Keeps a list, what is open beside it, and the address together; on a phone one of the two is
 * seen at a time. `name` is the address's word for what is open, `readAddress()` the address as
 * {[name], …filters}, and `toAddress(address)` as text.
 */
export class ListDetail {
  #parts = null;

  constructor({ name, readAddress, toAddress }) {
    Object.assign(this, { name, readAddress, toAddress });
    this.address = readAddress();
  }

  /** Move to another address; `replace` where it is no step that back should undo. */
  go = (changes, { focus = false, replace = false } = {}) => {
    const next = { ...this.address, ...changes };
    const to = this.toAddress(next);
    // From one to the next the way back still leads to the list.
    if (replace || (this.address[this.name] && next[this.name]))
      history.replaceState(history.state, "", to);
    else history.pushState({ fromList: Boolean(next[this.name]) }, "", to);
    this.#show(next, focus);
  };

  /** Back to the list, as the browser's button does. */
  back = () => {
    if (history.state?.fromList) history.back();
    else this.go({ [this.name]: "" });
  };

  /**
   * Show what the address says, now and whenever it changes. `list` has show(address) and
   * focus(id); `pane` is a DetailPane; `onShow(address)` is called before both.
   */
  begin({ main, list, pane, onShow }) {
    this.#parts = { main, list, pane, onShow };
    addEventListener("popstate", () => this.#show(this.readAddress()));
    this.#show(this.address);
  }

  #show(next, focus = false) {
    const { main, list, pane, onShow } = this.#parts;
    const before = this.address[this.name];
    const open = next[this.name];
    this.address = next;
    main.classList.toggle("reading", Boolean(open));
    onShow?.(next);
    list.show(next);
    pane.show(open, { focus });
    if (before && !open) list.focus(before);
  }
}

/** The list's side and the pane, beside one another where there is room. */
export function sideBySide(side, pane) {
  return h("div", { class: "list-detail" }, h("div", { class: "list-side" }, side), pane.element);
}
