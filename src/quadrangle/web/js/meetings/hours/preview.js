import { api } from "../../base/api.js";
import { append, clear, debounced, h } from "../../base/dom.js";
import { dateInWords, ownZone, wallClock, zoneName } from "../times.js";
import { texts } from "./texts.js";

const words = texts.preview;
const DAYS_SHOWN = 5;
const TWO_WEEKS_MS = 14 * 24 * 3600_000;

function dayRow([date, slots]) {
  return h(
    "li",
    { class: "stack tight" },
    h("b", {}, dateInWords(date)),
    h(
      "ul",
      { role: "list", class: "slot-times" },
      slots.map((slot) => h("li", {}, wallClock(slot.teacherTime))),
    ),
  );
}

function byDay(slots) {
  const days = new Map();
  for (const slot of slots) {
    const date = slot.teacherTime.slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), slot]);
  }
  return [...days];
}

/** The hours without rows that are not filled in yet. */
function filledIn(hours) {
  return {
    ...hours,
    extra: hours.extra.filter((each) => each.date),
    daysOff: hours.daysOff.filter((each) => each.first && each.last),
  };
}

/** What students could take with the hours as they are in the form: the server says it. */
export function previewCard(read) {
  const told = h("p", { class: "soft", role: "status" }, words.nothing);
  const list = h("ul", { role: "list", class: "stack" });
  let asking = null;

  function show(found, timeZone) {
    const days = byDay(found.slots);
    told.textContent = days.length ? words.open(found.slots.length) : words.none;
    append(
      clear(list),
      days.slice(0, DAYS_SHOWN).map(dayRow),
      days.length > DAYS_SHOWN &&
        h("li", { class: "soft" }, words.more(days.length - DAYS_SHOWN)),
      timeZone !== ownZone && h("li", { class: "soft small" }, words.zone(zoneName(timeZone))),
    );
  }

  async function look() {
    asking?.abort();
    const mine = (asking = new AbortController());
    const body = filledIn(read());
    if (!body.weekly.length && !body.extra.length) {
      told.textContent = words.nothing;
      clear(list);
      return;
    }
    const now = Date.now();
    const query = {
      first: new Date(now).toISOString(),
      last: new Date(now + TWO_WEEKS_MS).toISOString(),
      timeZone: ownZone,
    };
    try {
      const found = await api.post("/api/meetings/hours/preview", body, { query, signal: mine.signal });
      show(found, body.timeZone);
    } catch (error) {
      if (mine.signal.aborted) return;
      clear(list);
      told.textContent = error.errors?.[0]?.message ?? error.message;
    }
  }

  return {
    element: h(
      "aside",
      { class: "card stack preview", "aria-labelledby": "preview-title" },
      h("h2", { id: "preview-title" }, words.title),
      told,
      list,
    ),
    look,
    soon: debounced(look, 400),
  };
}
