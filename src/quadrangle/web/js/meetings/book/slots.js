import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { dateInWords, ownZone, wallClock, zoneName } from "../times.js";
import { texts } from "./texts.js";

const words = texts.hours;
const DAY_MS = 24 * 3600_000;
const LOOK_DAYS = 42; // the most the server looks through at once
const DAYS_SHOWN = 5;

/** The open hours of a teacher from an instant on; `{slots, rules, teacherName, …}`. */
export function openHours(teacherId, from, days = LOOK_DAYS) {
  const query = {
    first: new Date(from).toISOString(),
    last: new Date(from + days * DAY_MS).toISOString(),
    timeZone: ownZone,
  };
  return api.get(`/api/meetings/teachers/${encodeURIComponent(teacherId)}/slots`, { query });
}

/** The address of the page that takes a slot, or moves the meeting `instead` to it. */
export function slotAddress(teacherId, slot, instead) {
  const query = new URLSearchParams({ teacher: teacherId, at: slot.startsAt });
  if (instead) query.set("instead", instead);
  return `/book?${query}`;
}

function slotLink(slot, teacherId, instead, apart) {
  const time = wallClock(slot.readerTime);
  return h(
    "li",
    {},
    h(
      "a",
      { class: "slot", href: slotAddress(teacherId, slot, instead) },
      h("b", {}, time),
      apart && h("span", { class: "soft" }, words.theirs(wallClock(slot.teacherTime))),
    ),
  );
}

function byDay(slots) {
  const days = new Map();
  for (const slot of slots) {
    const date = slot.readerTime.slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), slot]);
  }
  return [...days];
}

/**
 * The open hours as a list of days, more of them on demand; `onFirst(found)` hears the first answer.
 */
export function slotList({ teacherId, instead, onFirst }) {
  const list = h("div", { class: "stack loose" }, h("ul", { role: "list" }, skeletonRows(3)));
  const foot = h("div", { class: "row" });
  const begin = Date.now();
  let looked = 0;
  let waiting = [];

  function day([date, slots], apart) {
    return h(
      "section",
      { class: "stack tight" },
      h("h2", { class: "slot-day", tabindex: "-1" }, dateInWords(date)),
      h(
        "ul",
        { role: "list", class: "slots" },
        slots.map((slot) => slotLink(slot, teacherId, instead, apart)),
      ),
    );
  }

  function show(found) {
    const apart = found.timeZone !== ownZone;
    const drawn = waiting.splice(0, DAYS_SHOWN).map((each) => day(each, apart));
    append(list, drawn);
    const further = looked < found.rules.daysAhead;
    const label = waiting.length ? words.moreDays : further && words.further;
    clear(foot);
    if (!label) return drawn[0];
    const more = h("button", { type: "button", class: "button" }, label);
    more.addEventListener("click", async () => {
      const first = waiting.length ? show(found) : await look();
      first?.querySelector("h2").focus();
    });
    foot.append(more);
    return drawn[0];
  }

  async function look() {
    try {
      const found = await openHours(teacherId, begin + looked * DAY_MS);
      if (!looked) clear(list);
      onFirst?.(found);
      onFirst = null;
      looked += LOOK_DAYS;
      waiting = byDay(found.slots);
      if (!waiting.length && !list.querySelector(".slots")) {
        const days = Math.min(looked, found.rules.daysAhead);
        clear(list).append(
          h("div", { class: "empty card" }, icon("calendar-clock"), h("p", {}, words.none(days))),
        );
      }
      return show(found);
    } catch (error) {
      if (!looked) clear(list);
      const notice = retryNotice("", error, () => {
        clear(foot);
        look();
      });
      foot.replaceChildren(notice);
      return null;
    }
  }

  look();
  return h("div", { class: "stack loose" }, list, foot);
}

/** In which zones the times of a list are. */
export function zoneWords(found) {
  if (found.timeZone === ownZone) return words.zone(zoneName(ownZone));
  return words.zones(zoneName(ownZone), found.teacherName, zoneName(found.timeZone));
}
