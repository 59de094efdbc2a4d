// The issues someone has picked for one change.
export class Selection extends EventTarget {
  #ids = new Set();
  #last = null;

  get size() {
    return this.#ids.size;
  }

  get ids() {
    return [...this.#ids];
  }

  has(issueId) {
    return this.#ids.has(issueId);
  }

  // `order` given: everything between the last one picked and this one, as with the shift key.
  toggle(issueId, on = !this.has(issueId), order = null) {
    const range = order && this.#last ? between(order, this.#last, issueId) : [issueId];
    for (const id of range) {
      if (on) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    this.#last = issueId;
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    if (!this.size) return;
    this.#ids.clear();
    this.#last = null;
    this.dispatchEvent(new Event("change"));
  }
}

function between(order, a, b) {
  const [from, to] = [order.indexOf(a), order.indexOf(b)].sort((x, y) => x - y);
  return from < 0 ? [b] : order.slice(from, to + 1);
}
