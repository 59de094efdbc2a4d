import { instantOf } from "../../base/wall-time.js";

const two = (n) => String(n).padStart(2, "0");

/** A date such as "2026-11-30" on the reader's own clock. */
export const dateText = (day) =>
  `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;

/** The Monday, at midnight on the reader's clock, of the week in which a date lies. */
export function mondayOf(date = new Date()) {
  const day = new Date(date.getFullYear(), date.getMonth(), date.getDate());
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day;
}

/** A day so many days later: as long as that takes, also where the clock changes. */
export function later(day, days) {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}

function weekdayOf(date) {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
}

function nextDate(date) {
  return new Date(Date.parse(`${date}T12:00:00Z`) + 24 * 3600_000).toISOString().slice(0, 10);
}

function periodsOn(hours, date) {
  const off = hours.daysOff.some(({ first, last }) => first <= date && date <= last);
  const weekly = off ? [] : hours.weekly.filter(({ weekday }) => weekday === weekdayOf(date));
  return [...weekly, ...hours.extra.filter((each) => each.date === date)];
}

/** When a teacher offers hours between two instants: `{begins, ends}`, Dates in order. */
export function offeredTimes(hours, first, last) {
  if (!hours?.published) return [];
  const found = [];
  // around the edges, as the teacher's days are not those of another zone
  let date = new Date(first.getTime() - 24 * 3600_000).toISOString().slice(0, 10);
  const end = new Date(last.getTime() + 24 * 3600_000).toISOString().slice(0, 10);
  for (; date <= end; date = nextDate(date)) {
    for (const { begins, ends } of periodsOn(hours, date)) {
      const until = ends === "24:00" ? [nextDate(date), "00:00"] : [date, ends];
      found.push({
        begins: new Date(instantOf(date, begins, hours.timeZone)),
        ends: new Date(instantOf(...until, hours.timeZone)),
      });
    }
  }
  return found
    .filter((each) => each.begins < last && each.ends > first)
    .sort((one, other) => one.begins - other.begins);
}
