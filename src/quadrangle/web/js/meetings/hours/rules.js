import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { choice } from "../selects.js";
import { texts } from "./texts.js";

const words = texts.rules;
const NOTICES = [0, 60, 120, 360, 720, 1440, 2880, 7 * 1440];
const BUFFERS = [0, 5, 10, 15, 30, 60];
const LIMITS = [1, 2, 3, 4, 5];
const DAYS = [7, 14, 30, 60, 90, 180];
/** What holds where a teacher has not chosen, as the server has it. */
export const USUAL = {
  bookingNotice: 720,
  movingNotice: 1440,
  cancellingNotice: 1440,
  buffer: 0,
  weeklyLimit: null,
  daysAhead: 60,
  workspaces: ["desktop"],
};

const notice = (minutes) => (minutes ? words.before(words.span(minutes)) : words.anyTime);

/** Numbers to choose from, and what is set already where it is another one. */
function numbers(name, known, value, say) {
  const all = [...new Set([...known, ...(value === null ? [] : [value])])].sort((a, b) => a - b);
  return choice(
    name,
    all.map((n) => [String(n), say(n)]),
    String(value),
  );
}

function workspaceBoxes(chosen) {
  const boxes = Object.entries(words.workspaceNames).map(([name, label]) => {
    const box = h("input", { type: "checkbox", value: name, checked: chosen.includes(name) });
    return { box, element: h("label", { class: "check" }, box, label) };
  });
  return {
    element: h(
      "fieldset",
      { class: "field", dataset: { field: "rules.workspaces" } },
      h("legend", {}, words.workspaces),
      h("p", { class: "error", id: "workspaces-error", hidden: true }),
      boxes.map(({ element }) => element),
    ),
    value: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
  };
}

/** The rules of booking, folded away. `value()` is what the server calls `rules`. */
export function rulesEditor(rules = USUAL) {
  const selects = {
    bookingNotice: numbers("rules.bookingNotice", NOTICES, rules.bookingNotice, notice),
    movingNotice: numbers("rules.movingNotice", NOTICES, rules.movingNotice, notice),
    cancellingNotice: numbers("rules.cancellingNotice", NOTICES, rules.cancellingNotice, notice),
    buffer: numbers("rules.buffer", BUFFERS, rules.buffer, (n) =>
      n ? words.span(n) : words.noBuffer,
    ),
    daysAhead: numbers("rules.daysAhead", DAYS, rules.daysAhead, words.days),
  };
  const limit = numbers("rules.weeklyLimit", LIMITS, rules.weeklyLimit, words.hours);
  limit.prepend(h("option", { value: "" }, words.noLimit));
  limit.value = rules.weeklyLimit === null ? "" : String(rules.weeklyLimit);
  const workspaces = workspaceBoxes(rules.workspaces);
  const told = h("span", { class: "soft small" });
  const value = () => ({
    ...Object.fromEntries(Object.entries(selects).map(([name, select]) => [name, Number(select.value)])),
    weeklyLimit: limit.value ? Number(limit.value) : null,
    workspaces: workspaces.value(),
  });
  const tell = () => {
    const { bookingNotice, daysAhead } = value();
    told.textContent = words.summary(notice(bookingNotice), words.days(daysAhead));
  };
  const element = h(
    "details",
    { class: "disclosure card fold" },
    h("summary", {}, h("span", { class: "fold-name" }, words.title, told)),
    h(
      "div",
      { class: "rules-grid" },
      Object.entries(selects).map(([name, select]) =>
        field(select, { name: `rules.${name}`, label: words[name] }),
      ),
      field(limit, { name: "rules.weeklyLimit", label: words.weeklyLimit }),
      workspaces.element,
    ),
  );
  element.addEventListener("change", tell);
  tell();
  return { element, value };
}
