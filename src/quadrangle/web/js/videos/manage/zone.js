import { instantOf } from "../../base/wall-time.js";

/** The time zone of the reader. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time zone as people read it: "Europe/Berlin", "America/New York". */
export const zoneName = (zone) => zone.replaceAll("_", " ");

/** Day and time of an instant on the clocks of a zone: `{day: "2027-01-31", time: "09:30"}`. */
export function wallOf(iso, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(iso));
  const of = (type) => parts.find((part) => part.type === type).value;
  return { day: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
}

/** The instant of a wall time; null where the clocks of the zone never show it. */
export function atWall(day, time, timeZone) {
  const instant = instantOf(day, time, timeZone);
  if (!instant) return null;
  const back = wallOf(instant, timeZone);
  return back.day === day && back.time === time ? instant : null;
}

/** The last instant of a day: midnight after it. */
export function endOfDay(day, timeZone) {
  const next = new Date(Date.parse(`${day}T12:00:00Z`) + 24 * 3600_000).toISOString().slice(0, 10);
  return instantOf(next, "00:00", timeZone);
}
