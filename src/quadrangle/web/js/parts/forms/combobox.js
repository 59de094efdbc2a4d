import { announce, clear, debounced, h } from "../../base/dom.js";
import { field } from "./forms.js";
import { icon } from "../icons.js";

const MOST_SHOWN = 100;
const BREAKS = /[\s,/()-]+/;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The options in which every word of `query` begins a word, or else occurs. */
export function matching(options, query) {
  const wanted = fold(query).split(BREAKS).filter(Boolean);
  if (!wanted.length) return options;
  const begins = (option) => {
    const parts = fold(option).split(BREAKS);
    return wanted.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const holds = (option) => wanted.every((word) => fold(option).includes(word));
  const best = options.filter(begins);
  return [...best, ...options.filter((option) => !best.includes(option) && holds(option))];
}

/**
 * A text field that offers `options` while one types and takes anything (WAI-ARIA: combobox with
 * list autocomplete, manual selection). Its input fires "input" when an option is taken, too.
 * `words`: {label, open, found(n)}, what the list, its button and so many options are called.
 */
export function combobox({ name, label, hint, words, options, maxLength }) {
  const listId = `${name}-options`;
  const input = h("input", {
    id: name,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    maxlength: maxLength,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
  });
  const list = h("ul", { id: listId, role: "listbox", "aria-label": words.label, hidden: true });
  const opener = h(
    "button",
    { type: "button", class: "combobox-opener", tabindex: "-1", "aria-label": words.open },
    icon("chevron-down"),
  );
  const element = field(input, { name, label, hint });
  element.append(h("div", { class: "combobox" }, input, opener, list));

  let active = -1;
  let filtered = false;
  const count = debounced((n) => announce(words.found(n)), 700);

  function draw() {
    const found = (filtered ? matching(options, input.value) : options).slice(0, MOST_SHOWN);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    clear(list).append(
      ...found.map((option, i) =>
        h(
          "li",
          {
            id: `${name}-option-${i}`,
            role: "option",
            dir: "auto",
            "aria-selected": String(option === input.value),
          },
          option,
        ),
      ),
    );
    return found.length;
  }

  function open() {
    const found = draw();
    list.hidden = found === 0;
    input.setAttribute("aria-expanded", String(found > 0));
    if (filtered) count(found);
    if (found) list.scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(to) {
    if (list.hidden) open();
    const items = list.children;
    if (!items.length) return;
    items[active]?.classList.remove("active");
    active = (to + items.length) % items.length;
    items[active].classList.add("active");
    items[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[active].id);
  }

  function take(item) {
    input.value = item.textContent;
    close();
    filtered = false;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    input.focus();
  }

  input.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    filtered = true;
    open();
  });
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
    if (event.key in steps && !event.isComposing) {
      event.preventDefault();
      point(steps[event.key]);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.children[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  // Pressing must not take the focus away from the input: that would close the list first.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) take(item);
  });
  opener.addEventListener("mousedown", (event) => event.preventDefault());
  opener.addEventListener("click", () => {
    const wasOpen = !list.hidden;
    input.focus();
    filtered = false;
    if (wasOpen) close();
    else open();
  });

  return {
    element,
    input,
    setOptions(next) {
      options = next;
    },
  };
}
