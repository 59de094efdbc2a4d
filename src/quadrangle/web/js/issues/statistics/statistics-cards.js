import { h } from "../../base/dom.js";
import { hours } from "../../base/time.js";
import { barChart } from "./chart-bars.js";
import { furthestOver, overTime } from "./chart-data.js";
import { dayChart } from "./chart-days.js";
import { count } from "../../base/texts.js";
import { texts as words } from "./texts.js";

const { columns } = words;
const TOP = 10;
const LANGUAGE = document.documentElement.lang || "en";
const dayName = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const shownDay = (day) => dayName.format(new Date(day));

// A chart under the answer it gives, with the numbers behind it.
function card({ title, subtitle, legend, chart, table, name, tableName = name, wide = false }) {
  const heading = `card-${name}`;
  return h(
    "section",
    { class: `card chart-card${wide ? " wide" : ""}`, "aria-labelledby": heading },
    h("h2", { id: heading }, title),
    subtitle && h("p", { class: "soft small" }, subtitle),
    chart && legend,
    chart || h("p", { class: "soft" }, words.nothingToDraw),
    h(
      "details",
      { class: "disclosure chart-table" },
      h("summary", {}, words.table(words.tables[tableName])),
      table,
    ),
  );
}

function table(heads, rows) {
  const cell = (value, at) =>
    at === 0 ? h("th", { scope: "row" }, value) : h("td", { class: "number" }, value);
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": heads.join(", ") },
    h(
      "table",
      { class: "table" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((head, at) => h("th", { scope: "col", class: at ? "number" : null }, head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell))),
      ),
    ),
  );
}

function legend(...entries) {
  return h(
    "ul",
    { class: "legend", role: "list" },
    entries.map(([label, look]) => h("li", {}, h("span", { class: `swatch ${look}` }), label)),
  );
}

function balance({ reported, resolved, days }) {
  if (reported === resolved) return words.even(reported);
  return reported > resolved
    ? words.behind(reported - resolved, days)
    : words.ahead(resolved - reported);
}

export function dayCard(data, charts) {
  const { weekly, points } = overTime(data);
  const title = balance(data);
  const rows = points
    .toReversed()
    .map((each) => [shownDay(each.day), count(each.reported), count(each.resolved)]);
  return card({
    name: "perDay",
    tableName: weekly ? "perWeek" : "perDay",
    wide: true,
    title,
    subtitle: `${weekly ? words.perWeek : words.perDay}, ${words.period(shownDay(data.from), shownDay(data.to))}`,
    legend: legend([words.reported, "line"], [words.resolved, "dash"]),
    chart: charts.add(dayChart({ title, points, shownDay })),
    table: table([weekly ? columns.week : columns.day, columns.reported, columns.resolved], rows),
  });
}

/** Where there are no bars there is no chart of nothing. */
const bars = (charts, chart) => chart.rows.length > 0 && charts.add(barChart(chart));

function countCard(name, groups, data, charts, first) {
  const most = groups[0];
  const title = most?.reported
    ? words.most(most.name, most.reported, data.reported)
    : words.noneReported;
  const shown = groups.filter((each) => each.reported).slice(0, TOP);
  const rows = groups.map((each) => [
    each.name,
    ...["reported", "resolved", "unresolved"].map((field) => count(each[field] ?? 0)),
  ]);
  return card({
    name,
    title,
    subtitle: groups.length > TOP && words.topOf(shown.length, groups.length),
    chart: bars(charts, {
      title,
      axis: words.typeAxis,
      rows: shown.map((each) => ({
        name: each.name,
        value: each.reported,
        label: count(each.reported),
      })),
    }),
    table: table([first, columns.reported, columns.resolved, columns.unresolved], rows),
  });
}

export const typeCard = (data, charts) =>
  countCard("byType", data.byType, data, charts, columns.type);
export const locationCard = (data, charts) =>
  countCard("byLocation", data.byLocation, data, charts, columns.location);

export function hoursCard({ byType }, charts) {
  const known = byType.filter((each) => each.medianHours !== null);
  const worst = furthestOver(known);
  let title = words.allInTarget;
  if (!known.length) title = words.noneResolved;
  else if (worst)
    title = words.slowest(worst.name, hours(worst.medianHours), hours(worst.targetHours));
  else if (!known.some((each) => each.targetHours)) title = words.noTargets;
  const rows = byType.map((each) => [
    each.name,
    hours(each.medianHours),
    hours(each.p90Hours),
    hours(each.targetHours),
  ]);
  return card({
    name: "hours",
    wide: true,
    title,
    legend: legend([words.barMark, "bar"], [words.targetMark, "mark"]),
    chart: bars(charts, {
      title,
      axis: words.hoursAxis,
      rows: known.map((each) => ({
        name: each.name,
        value: each.medianHours,
        mark: each.targetHours,
        label: hours(each.medianHours),
      })),
    }),
    table: table([columns.type, columns.median, columns.p90, columns.target], rows),
  });
}
