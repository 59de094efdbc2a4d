import { texts as common } from "../base/texts.js";
import { LANGUAGE } from "../base/time.js";

const day = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });

/** The reader's own time zone, an IANA name. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The day of an instant in the reader's own time: "Friday 27 November". */
export const dayOf = (iso) => day.format(new Date(iso));

/** From when to when, in the reader's own time. */
export const span = (first, last) => `${clock.format(new Date(first))}–${clock.format(new Date(last))}`;

/** An instant as the clock on the wall of a time zone shows it, with the day. */
export function inZone(iso, timeZone) {
  return new Intl.DateTimeFormat(LANGUAGE, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(iso));
}

/** What the reader's own zone is called at an instant: "CET". */
export function zoneAt(iso) {
  const parts = new Intl.DateTimeFormat(LANGUAGE, { timeZoneName: "short" }).formatToParts(new Date(iso));
  return parts.find((part) => part.type === "timeZoneName").value;
}

/** The time of day of an instant, in the reader's own time: "14:00". */
export const timeOf = (iso) => clock.format(new Date(iso));

/** A date such as "2026-11-30" in words, without a zone: "Monday 30 November". */
export const dateInWords = (date) => day.format(new Date(`${date}T12:00:00`));

/** A wall time with its offset ("2026-11-30T09:00:00+01:00") as its own clock shows it. */
export const wallClock = (text) => clock.format(new Date(text.slice(0, 16)));

/** A name of a zone for people: "America/New York". */
export const zoneName = (zone) => zone.replaceAll("_", " ");

/** How long to an instant: "39 h 4 min", below an hour "4:09"; "0:00" once it has passed. */
export function countdown(iso, now = Date.now()) {
  const seconds = Math.max(0, Math.ceil((new Date(iso).getTime() - now) / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${common.time.hours(h)} ${common.time.minutes(m)}`;
  return `${m}:${String(s).padStart(2, "0")}`;
}
