// Moving about: which row someone is at, from the list into an issue and back to where they were.
export class Walk {
  #scrolled = 0;

  constructor({ main, list, go, state }) {
    this.main = main;
    this.list = list;
    this.go = go;
    this.state = state;
    this.current = null;
    list.list.addEventListener("focusin", ({ target }) => this.#at(target.closest(".issue-row")));
    list.list.addEventListener("click", (event) => this.#open(event));
    list.addEventListener("loaded", ({ detail: { issue } }) => {
      if (!list.has(this.current)) this.current = null;
      if (issue && !this.#isNarrow()) list.row(issue)?.element.scrollIntoView({ block: "nearest" });
    });
  }

  move(step) {
    const { ids } = this.list;
    if (!ids.length) return;
    this.showList();
    const at = ids.indexOf(this.current ?? this.state().issue);
    const next = at < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, at + step));
    const { link, element } = this.list.row(ids[next]);
    link.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
    if (next === ids.length - 1) this.list.more();
  }

  // On a phone the list is behind the issue; leaving it this way keeps history short.
  showList() {
    if (this.state().issue && this.#isNarrow()) this.back();
  }

  back() {
    if (!this.state().issue) return;
    if (history.state?.fromList) history.back();
    else this.go({ issue: "" }, { replace: true });
  }

  leave(before, next) {
    if (this.#isNarrow() && !before.issue && next.issue) this.#scrolled = scrollY;
  }

  arrive(before, next) {
    if (next.issue) {
      this.current = next.issue;
      if (this.#isNarrow() && before.issue !== next.issue) scrollTo(0, 0);
    } else if (before.issue) {
      if (this.#isNarrow()) scrollTo(0, this.#scrolled);
      this.list.row(before.issue)?.link.focus({ preventScroll: this.#isNarrow() });
    }
  }

  #isNarrow() {
    return !matchMedia("(min-width: 60rem)").matches;
  }

  #at(row) {
    if (row) this.current = row.dataset.id;
  }

  #open(event) {
    const link = event.target.closest("a.row-link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // Whoever opens by key or on a phone goes on in the issue; a mouse stays in the list.
    const focus = event.detail === 0 || this.#isNarrow();
    // From one issue to the next the way back still leads to the list.
    const replace = Boolean(this.state().issue);
    this.go({ issue: link.closest(".issue-row").dataset.id }, { focus, replace });
  }
}
