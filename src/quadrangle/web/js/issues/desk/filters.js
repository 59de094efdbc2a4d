import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { combobox } from "../../parts/forms/combobox.js";
import { NO_FILTERS, VIEWS, filterCount } from "./address.js";
import { count } from "../../base/texts.js";
import { texts } from "./texts.js";

const words = texts.desk;
const GROUPS = ["status", "who", "issueType", "location"];
const SHORT = 7;
const MANY = 20; // places, beyond which one is sought by typing

// The filters as chips with counts. `go(changes)` moves the desk to another address.
export class Filters {
  #counts = null;
  #state = null;
  #asking = null;
  #expanded = new Set();

  constructor({ root, account, config, go }) {
    this.root = root;
    this.places = config.locations;
    this.account = account;
    this.go = go;
    this.views = root.querySelector(".filter-views");
    this.others = root.querySelector(".filter-others");
    this.groups = Object.fromEntries(GROUPS.map((name) => [name, group(name)]));
    this.foot = h("div", { class: "filter-foot" });
    this.views.append(this.groups.status.element);
    this.others.append(...GROUPS.slice(1).map((name) => this.groups[name].element), this.foot);
    if (this.places.length > MANY) this.groups.location.heading.after(this.#placeFinder());
    this.toggle = root.querySelector(".filter-toggle");
    this.toggle.addEventListener("click", () =>
      this.#open(this.toggle.getAttribute("aria-expanded") !== "true"),
    );
  }

  show(state) {
    this.#state = state;
    this.#draw();
  }

  // Ask for the counts again; the old ones stay until then, and when it fails.
  async refresh() {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const { issueType, location } = this.#state;
    try {
      this.#counts = await api.get("/api/issues/counts", {
        query: { issueType, location },
        signal: asking.signal,
      });
      this.#draw();
    } catch (error) {
      // Counts are a help beside the list, which tells of the failure itself.
      if (!asking.signal.aborted) console.warn(error);
    }
  }

  #open(open) {
    this.toggle.setAttribute("aria-expanded", String(open));
    this.root.classList.toggle("open", open);
  }

  #draw() {
    const focused =
      this.root.contains(document.activeElement) && document.activeElement.dataset.key;
    this.#fill("status", this.#viewChips());
    this.#fill("who", this.#whoChips());
    this.#fill("issueType", this.#nameChips("issueType"));
    this.#fill("location", this.#nameChips("location"));
    const set = filterCount(this.#state);
    append(clear(this.foot), this.#doneButton(), set > 0 && this.#clearButton());
    this.toggle.lastElementChild.textContent = words.filtersActive(set);
    if (focused) this.root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #fill(name, made) {
    const { element, chips, hint } = this.groups[name];
    chips.replaceChildren(...made);
    element.hidden = made.length === 0 && !element.querySelector(".place-finder");
    // These count what is to do; beside another list that has to be said.
    hint.hidden = name === "status" || this.#state.view === "todo";
  }

  // Among very many places one is found by typing.
  #placeFinder() {
    const finder = combobox({
      name: "find-place",
      label: words.findPlace.label,
      words: words.findPlace,
      options: this.places,
      maxLength: 100,
    });
    finder.element.classList.add("place-finder");
    finder.input.setAttribute("placeholder", words.findPlace.label);
    finder.input.addEventListener("input", (event) => {
      if (event.isTrusted) return; // still typing: one that is taken says so by a script
      const location = finder.input.value;
      finder.input.value = "";
      this.go({ location });
    });
    return finder.element;
  }

  #viewChips() {
    const counts = this.#counts;
    const n = (view) => {
      if (!counts) return null;
      const { OPEN, IN_PROGRESS } = counts.status;
      return { todo: OPEN + IN_PROGRESS, all: counts.total }[view] ?? counts.status[view];
    };
    return VIEWS.map((view) =>
      chip(
        words.views[view],
        n(view),
        this.#state.view === view,
        `view-${view}`,
        () => this.go({ view }),
        { unit: words.unit(n(view)) },
      ),
    );
  }

  #whoChips() {
    const { who, overdue, urgent } = this.#state;
    const counts = this.#counts;
    const pick = (value) => () => this.go({ who: who === value ? "" : value });
    const chips = [
      this.account.accountId && chip(words.mine, counts?.mine, who === "me", "who-me", pick("me")),
      chip(words.unassigned, counts?.unassigned, who === "none", "who-none", pick("none")),
      chip(
        words.urgent,
        counts?.urgent,
        urgent,
        "urgent",
        () => this.go({ urgent: !urgent }),
        { tone: counts?.urgent ? "urgent" : "" },
      ),
      chip(
        words.overdue,
        counts?.overdue,
        overdue,
        "overdue",
        () => this.go({ overdue: !overdue }),
        { tone: counts?.overdue ? "urgent" : "" },
      ),
    ];
    return chips.filter(Boolean);
  }

  #nameChips(field) {
    const chosen = this.#state[field];
    const counted = Object.entries(this.#counts?.[field] ?? {}).sort(
      (a, b) => b[1] - a[1] || a[0].localeCompare(b[0]),
    );
    if (chosen && !counted.some(([name]) => name === chosen))
      counted.unshift([chosen, this.#counts ? 0 : null]);
    const all = counted.length <= SHORT + 1 || this.#expanded.has(field);
    const shown = all ? counted : counted.filter(([name], at) => at < SHORT || name === chosen);
    const chips = shown.map(([name, n]) =>
      chip(name, n, name === chosen, `${field}-${name}`, () =>
        this.go({ [field]: name === chosen ? "" : name }),
      ),
    );
    if (counted.length > SHORT + 1) chips.push(this.#moreButton(field, counted.length, all));
    return chips;
  }

  #moreButton(field, total, all) {
    const button = h(
      "button",
      {
        type: "button",
        class: "chip more",
        "aria-expanded": String(all),
        dataset: { key: `more-${field}` },
      },
      h("span", {}, all ? words.fewer : words.moreOf[field](total)),
    );
    button.addEventListener("click", () => {
      if (all) this.#expanded.delete(field);
      else this.#expanded.add(field);
      this.#draw();
    });
    return button;
  }

  // On a phone the filters push the list out of sight.
  #doneButton() {
    const button = h(
      "button",
      { type: "button", class: "button primary filter-done" },
      words.showReports,
    );
    button.addEventListener("click", () => {
      this.#open(false);
      this.toggle.focus();
    });
    return button;
  }

  #clearButton() {
    const button = h(
      "button",
      { type: "button", class: "button quiet filter-clear" },
      icon("x"),
      words.clearFilters,
    );
    button.addEventListener("click", () =>
      this.go(NO_FILTERS),
    );
    return button;
  }
}

function group(name) {
  const id = `filter-${name}`;
  const hint = h("span", { class: "filter-hint" }, ` ${words.groupHint}`);
  const heading = h("h2", { id, class: "filter-name" }, words.groups[name], hint);
  const chips = h("div", { class: "filter-chips" });
  const props = { class: "filter-group", role: "group", "aria-labelledby": id };
  return { element: h("div", props, heading, chips), heading, chips, hint };
}

// A number alone says nothing to whoever hears it: `unit` says of what it is, "to do" if nothing else.
function chip(label, n, pressed, key, onPress, { tone = "", unit = words.unitToDo } = {}) {
  const button = h(
    "button",
    {
      type: "button",
      class: `chip ${tone}`,
      "aria-pressed": String(pressed),
      dataset: { key },
      title: label,
    },
    h("span", { class: "chip-label" }, label),
    n === null || n === undefined
      ? null
      : h("span", { class: "count" }, count(n), h("span", { class: "visually-hidden" }, ` ${unit}`)),
  );
  button.addEventListener("click", onPress);
  return button;
}
