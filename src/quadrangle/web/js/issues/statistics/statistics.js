import { address, api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { requireStaff } from "../../base/account.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { Charts } from "./charts.js";
import { figures } from "./figures.js";
import { dayCard, hoursCard, locationCard, typeCard } from "./statistics-cards.js";
import { texts as words } from "./texts.js";

const RANGES = [30, 90, 365];
const USUAL = 90;
const main = document.querySelector("#main");
const charts = new Charts();
const body = h("div", { class: "statistics-body" });
const chips = new Map();
let asking = null;

function readRange() {
  const days = Number(new URLSearchParams(location.search).get("days"));
  return RANGES.includes(days) ? days : USUAL;
}

function rangeChip(days) {
  const chip = h("button", { type: "button", class: "chip" }, words.range(days));
  chip.addEventListener("click", () => {
    history.pushState({}, "", days === USUAL ? "/statistics" : `/statistics?days=${days}`);
    show();
  });
  chips.set(days, chip);
  return chip;
}

async function layout() {
  main.replaceChildren(
    h(
      "div",
      { class: "page statistics" },
      h(
        "div",
        { class: "page-head" },
        h("h1", {}, words.title),
        h(
          "div",
          { class: "toolbar" },
          h(
            "div",
            { class: "toolbar", role: "group", "aria-label": words.ranges },
            RANGES.map(rangeChip),
          ),
          h(
            "a",
            { class: "button", href: await address("/api/issues/export.csv"), download: true },
            icon("download"),
            words.exportAll,
          ),
        ),
      ),
      append(body, skeleton()),
    ),
  );
}

function draw(data) {
  charts.forget();
  clear(body).append(figures(data));
  if (data.reported + data.resolved === 0) {
    body.append(empty(data.days));
    return;
  }
  body.append(
    h(
      "div",
      { class: "chart-cards" },
      [dayCard, typeCard, locationCard, hoursCard].map((card) => card(data, charts)),
    ),
  );
  charts.draw();
}

function empty(days) {
  const year = h("button", { type: "button", class: "button" }, words.showYear);
  year.addEventListener("click", () => chips.get(365).click());
  return h(
    "div",
    { class: "empty" },
    icon("chart-column"),
    h("p", {}, words.nothing(days)),
    days < 365 && year,
  );
}

function skeleton() {
  return h(
    "div",
    { class: "figures", "aria-hidden": "true" },
    [1, 2, 3, 4, 5].map(() => h("div", { class: "skeleton figure" })),
  );
}

async function show() {
  const days = readRange();
  for (const [range, chip] of chips) chip.setAttribute("aria-pressed", String(range === days));
  asking?.abort();
  const { signal } = (asking = new AbortController());
  try {
    draw(await api.get("/api/issues/statistics", { query: { days }, signal }));
    announce(words.range(days));
  } catch (error) {
    if (signal.aborted) return;
    clear(body).append(retryNotice(words.failed, error, show));
  }
}

async function start() {
  await layout();
  await requireStaff();
  addEventListener("popstate", show);
  await show();
}

start().catch((error) => pageFailed(main, error));
