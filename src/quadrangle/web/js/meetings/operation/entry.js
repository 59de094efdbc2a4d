import { requireStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { hours as hoursText, timeElement } from "../../base/time.js";
import { backLink } from "../../parts/back-link.js";
import { cursorList } from "../../parts/lists/cursor-list.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage, skeletonRows } from "../../parts/skeleton.js";
import { texts as common } from "../../parts/texts.js";
import { money } from "./amounts.js";
import { texts as words } from "./texts.js";
import { activeUse, pastUse } from "./uses.js";

const main = document.querySelector("main");
const FRESH_MS = 15_000;

function figure(label, value, note) {
  return h(
    "div",
    { class: "card figure" },
    h("dt", {}, label),
    h("dd", {}, h("b", {}, value), note && h("span", { class: "soft small" }, note)),
  );
}

/** The name of a setting, which breaks between its words only where it must. */
function settingName(name) {
  return name.split("_").map((word, n) => (n ? ["_", h("wbr"), word] : word));
}

function figures({ machines, most, why, price, costPerHour, lately }) {
  const span = words.figures.meetings(lately.meetings);
  const cost = money(lately.cost, price);
  return h(
    "dl",
    { class: "figures" },
    figure(words.figures.running, words.figures.of(machines, most), why),
    figure(
      words.figures.perHour,
      money(costPerHour, price) ?? "–",
      !price && words.figures.noPrice(settingName("QUADRANGLE_DESKTOP_HOUR_PRICE")),
    ),
    figure(
      words.figures.lately(lately.days),
      cost ?? hoursText(lately.hours),
      cost
        ? words.figures.together(span, hoursText(lately.hours))
        : words.figures.togetherAbove(span),
    ),
  );
}

function usesSection(title, uses, none, draw) {
  return h(
    "section",
    { class: "stack" },
    h("h2", {}, title),
    uses.length
      ? h("ul", { role: "list", class: "stack" }, uses.map(draw))
      : h("p", { class: "soft" }, none),
  );
}

function reapedSection(reaped) {
  const cell = (value) => h("td", {}, value);
  const row = (each) =>
    h(
      "tr",
      {},
      cell(timeElement(each.at)),
      cell(h("code", {}, each.machineId)),
      cell(words.sides[each.role]),
    );
  const titles = [words.reaped.when, words.reaped.machine, words.reaped.side];
  return h(
    "section",
    { class: "stack" },
    h("h2", {}, words.reaped.title),
    h("p", { class: "soft" }, words.reaped.lead),
    reaped.length
      ? h(
          "table",
          { class: "table" },
          h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col" }, title)))),
          h("tbody", {}, reaped.map(row)),
        )
      : h("p", {}, words.reaped.none),
  );
}

function historySection(price) {
  const list = h(
    "ul",
    { role: "list", class: "card past-uses", "aria-label": words.history.label },
    skeletonRows(3),
  );
  const foot = h("div", { class: "list-foot" });
  cursorList({
    list,
    foot,
    draw: (use) => pastUse(use, price()),
    empty: () => h("p", { class: "soft" }, words.history.none),
    async read(cursor, signal) {
      const query = { limit: "30", cursor };
      const answer = await api.get("/api/meetings/operation/history", { query, signal });
      return { items: answer.meetings, nextCursor: answer.nextCursor };
    },
  }).reload();
  return h("section", { class: "stack" }, h("h2", {}, words.history.title), h("div", {}, list, foot));
}

async function operationPage() {
  const place = h("div", { class: "stack loose" });
  let price = null;
  let shown = "";

  async function refresh() {
    const seen = await api.get("/api/meetings/operation");
    price = seen.price;
    const shape = JSON.stringify([seen.active, seen.reaped, seen.machines]);
    if (shape === shown) return;
    const unfolded = [...place.querySelectorAll("details[open]")].map((one) => one.dataset.id);
    const focused = document.activeElement?.closest("[data-id]")?.dataset.id;
    if (shown) announce(words.updated);
    shown = shape;
    const stuck = seen.active.filter((use) => use.stuck.length);
    const well = seen.active.filter((use) => !use.stuck.length);
    const draw = (use) =>
      activeUse(use, { price: seen.price, done: refresh, open: unfolded.includes(use.id) });
    append(
      clear(place),
      figures(seen),
      usesSection(words.stuck.title, stuck, words.stuck.none, draw),
      usesSection(words.now.title, well, words.now.none, draw),
      reapedSection(seen.reaped),
    );
    if (focused) place.querySelector(`[data-id="${CSS.escape(focused)}"] button`)?.focus();
  }

  await refresh();
  append(
    clear(main),
    h(
      "div",
      { class: "page stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink("/meet", words.mine),
        h("h1", {}, words.title),
        h("p", { class: "soft" }, words.lead),
      ),
      place,
      historySection(() => price),
    ),
  );
  setInterval(() => document.hidden || refresh().catch(() => {}), FRESH_MS);
}

document.title = common.title(words.title);
append(clear(main), skeletonPage());
requireStaff()
  .then(operationPage)
  .catch((error) => pageFailed(main, error));
