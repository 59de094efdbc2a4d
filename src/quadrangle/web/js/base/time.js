import { h } from "./dom.js";
import { texts } from "./texts.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PAGE = document.documentElement.lang || "en";
/** The page's language, in the reader's regional form of it. */
export const LANGUAGE = navigator.languages.find((one) => one.split("-")[0] === PAGE) ?? PAGE;

const exactly = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "full", timeStyle: "short" });
const dayOfYear = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "short",
  year: "numeric",
});
const number = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

function span(ms) {
  if (ms < HOUR) return texts.time.minutes(Math.round(ms / MINUTE) || 1);
  if (ms < DAY) return texts.time.hours(Math.round(ms / HOUR));
  return texts.time.days(Math.round(ms / DAY));
}

/** A time in people's words, past or to come: "12 min ago", "in 3 h", "4 Mar". */
export function relative(iso, now = Date.now()) {
  const at = new Date(iso);
  const passed = now - at.getTime();
  if (Number.isNaN(passed)) return texts.time.unknown;
  const distance = Math.abs(passed);
  if (distance < 45_000) return passed >= 0 ? texts.time.justNow : texts.time.soon;
  if (distance < 7 * DAY) {
    return passed > 0 ? texts.time.ago(span(distance)) : texts.time.ahead(span(distance));
  }
  return (at.getFullYear() === new Date(now).getFullYear() ? dayOfYear : dayAndYear).format(at);
}

/** The exact time, in the reader's own time zone. */
export function exact(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? texts.time.unknown : exactly.format(at);
}

/** A length of time in people's words, from hours; null is a dash. */
export function hours(n) {
  if (n === null || n === undefined) return "–";
  if (n < 1) return texts.time.minutes(Math.round(n * 60));
  if (n < 24) return texts.time.hours(number.format(n));
  return texts.time.days(Number(number.format(n / 24).replace(/,/g, "")));
}

const shown = new Set();

function refresh() {
  for (const reference of shown) {
    const element = reference.deref();
    if (!element) shown.delete(reference);
    else if (element.isConnected) {
      const text = relative(element.dateTime);
      if (element.textContent !== text) element.textContent = text;
    }
  }
}

setInterval(refresh, 20_000);
document.addEventListener("visibilitychange", refresh);

/** A <time> that keeps its words true while the page stays open. */
export function timeElement(iso) {
  const element = h("time", { datetime: iso, title: exact(iso) }, relative(iso));
  shown.add(new WeakRef(element));
  return element;
}
