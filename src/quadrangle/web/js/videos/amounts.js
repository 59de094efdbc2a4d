import { texts } from "./texts.js";

const words = texts.length;
const two = (n) => String(n).padStart(2, "0");

function parts(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
}

/** Seconds as a player shows them: "1:04:09", "4:09". */
export function clock(seconds) {
  const [h, m, s] = parts(seconds);
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds as a screen reader should say them: "1 hour 4 minutes 9 seconds". */
export const spoken = (seconds) => words.spoken(...parts(seconds));

/** How long something takes or is, in people's words: "45 s", "12 min", "1 h 5 min". */
export function lasting(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return words.seconds(whole);
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return words.minutes(minutes);
  return words.hours(Math.floor(minutes / 60), minutes % 60);
}

/** A number of bytes in people's words: "5.2 MB". */
export function size(bytes) {
  if (bytes < 1000) return texts.bytes.few(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < texts.bytes.units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 ? 1 : 0;
  return texts.bytes.many(value.toFixed(digits), texts.bytes.units[unit]);
}

/**
 * The second that a `t` of an address names: "90", "90s", "1m30s", "1:30" or "1:02:03"; null when
 * it names none.
 */
export function secondOf(text) {
  const colons = /^(?:(\d+):)?(\d{1,2}):(\d{1,2})$/.exec(text ?? "");
  const letters = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text ?? "");
  const found = colons ?? (text ? letters : null);
  if (!found) return null;
  const [h, m, s] = found.slice(1).map((part) => Number(part ?? 0));
  return h * 3600 + m * 60 + s;
}
