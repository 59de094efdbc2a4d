import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { removableRow, timeRange } from "./time-range.js";
import { texts } from "./texts.js";

const words = texts.exceptions;

function dateField(name, label, value) {
  const input = h("input", { type: "date", value, required: true });
  return { input, box: field(input, { name, label }) };
}

function named({ box, input }, name) {
  box.dataset.field = name;
  input.name = name;
}

function extraRow(period) {
  const date = dateField("date", words.date, period.date);
  const range = timeRange(period);
  return {
    first: date.input,
    boxes: [date.box, ...range.boxes],
    value(index) {
      named(date, `extra.${index}.date`);
      range.name(`extra.${index}`);
      return { date: date.input.value, ...range.value() };
    },
  };
}

function offRow(days) {
  const first = dateField("first", words.first, days.first);
  const last = dateField("last", words.last, days.last);
  first.input.addEventListener("change", () => {
    if (!last.input.value || last.input.value < first.input.value) last.input.value = first.input.value;
  });
  return {
    first: first.input,
    boxes: [first.box, last.box],
    value(index) {
      named(first, `daysOff.${index}.first`);
      named(last, `daysOff.${index}.last`);
      return { first: first.input.value, last: last.input.value };
    },
  };
}

/** Rows that come and go under a heading. */
function rowsEditor({ title, add, remove, make, empty }, kept, changed) {
  const rows = new Set();
  const list = h("div", { class: "stack" });
  const button = h("button", { type: "button", class: "button" }, icon("plus"), add);

  function put(value) {
    const row = make(value);
    rows.add(row);
    const element = removableRow(row.boxes, remove, () => {
      rows.delete(row);
      changed();
      button.focus();
    });
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", title);
    list.append(element);
    return row;
  }

  for (const value of kept) put(value);
  button.addEventListener("click", () => {
    put(empty()).first.focus();
    changed();
  });
  return {
    element: h("section", { class: "stack" }, h("h3", {}, title), list, h("div", {}, button)),
    size: () => rows.size,
    value: () => [...rows].map((row, index) => row.value(index)),
  };
}

/** Extra hours and days off, folded away. `value()` is `{extra, daysOff}`. */
export function exceptionsEditor(hours, changed) {
  const told = h("span", { class: "soft small" });
  const counted = () => {
    const none = !extra.size() && !off.size();
    told.textContent = none ? words.none : words.count(extra.size(), off.size());
    changed();
  };
  const extra = rowsEditor(
    {
      title: words.extra,
      add: words.addExtra,
      remove: words.removeExtra,
      make: extraRow,
      empty: () => ({ date: "", begins: "14:00", ends: "16:00" }),
    },
    hours?.extra ?? [],
    () => counted(),
  );
  const off = rowsEditor(
    {
      title: words.off,
      add: words.addOff,
      remove: words.removeOff,
      make: offRow,
      empty: () => ({ first: "", last: "" }),
    },
    hours?.daysOff ?? [],
    () => counted(),
  );
  told.textContent = extra.size() || off.size() ? words.count(extra.size(), off.size()) : words.none;
  return {
    element: h(
      "details",
      { class: "disclosure card fold" },
      h("summary", {}, h("span", { class: "fold-name" }, words.title, told)),
      h("div", { class: "stack loose" }, extra.element, off.element),
    ),
    value: () => ({ extra: extra.value(), daysOff: off.value() }),
  };
}
