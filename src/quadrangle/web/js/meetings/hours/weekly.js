import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { removableRow, timeRange } from "./time-range.js";
import { texts as words } from "./texts.js";

const USUAL = { begins: "14:00", ends: "16:00" };

/** One weekday: free or not, and when. `usual()` is what a day begins with. */
function weekday(number, periods, usual, changed) {
  const name = words.days[number];
  const ranges = new Set();
  const rows = h("div", { class: "day-ranges" });
  const free = h("input", { type: "checkbox", checked: periods.length > 0 });
  const more = h(
    "button",
    { type: "button", class: "button quiet icon-only", "aria-label": words.add(name), title: words.add(name) },
    icon("plus"),
  );

  function add(period) {
    const range = timeRange(period);
    const row = removableRow(range.boxes, words.remove(name), () => {
      ranges.delete(range);
      free.checked = ranges.size > 0;
      show();
      changed();
      free.focus();
    });
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", name);
    ranges.add(range);
    rows.append(row);
    return range;
  }

  function show() {
    rows.hidden = !free.checked;
    more.hidden = !free.checked;
  }

  free.addEventListener("change", () => {
    if (free.checked && !ranges.size) add(usual());
    show();
  });
  more.addEventListener("click", () => {
    const { ends } = [...ranges].at(-1)?.value() ?? usual();
    add({ begins: ends < "22:00" ? ends : "20:00", ends: later(ends) }).first.focus();
    changed();
  });
  for (const period of periods) add(period);
  show();
  return {
    element: h(
      "li",
      { class: "day" },
      h("label", { class: "check" }, free, name),
      rows,
      more,
    ),
    ranges: () => (free.checked ? [...ranges] : []),
    number,
  };
}

function later(time) {
  const hour = Math.min(23, Number(time.slice(0, 2)) + 2);
  return `${String(hour).padStart(2, "0")}:${time.slice(3)}`;
}

/** The free times of each week. `value()` is what the server calls `weekly`. */
export function weeklyEditor(periods, changed) {
  let last = periods.at(-1) ?? USUAL;
  const days = words.days.map((_, number) =>
    weekday(
      number,
      periods.filter((each) => each.weekday === number),
      () => last,
      changed,
    ),
  );
  const element = h("ul", { role: "list", class: "days" }, days.map((day) => day.element));
  element.addEventListener("input", () => {
    // another day most often has the same times
    const all = days.flatMap((day) => day.ranges());
    const edited = all.find(({ boxes }) => boxes.some((box) => box.contains(document.activeElement)));
    if (edited) last = edited.value();
  });
  return {
    element,
    value: () =>
      days
        .flatMap((day) => day.ranges().map((range) => ({ weekday: day.number, range })))
        .map(({ weekday: number, range }, index) => {
          range.name(`weekly.${index}`);
          return { weekday: number, ...range.value() };
        }),
  };
}
