const FORM = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/;

/** Seconds as an editor shows them, to a tenth: "4:09.5". */
export function precise(seconds) {
  const tenths = Math.round(seconds * 10);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  const hours = Math.floor(minutes / 60);
  const shown = `${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
  if (!hours) return `${minutes}:${shown}`;
  return `${hours}:${String(minutes % 60).padStart(2, "0")}:${shown}`;
}

/** The seconds that somebody typed: "4:09.5", "249"; null for what is no time. */
export function secondsOf(text) {
  const found = FORM.exec(text.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1] ?? 0), Number(found[2] ?? 0)];
  return hours * 3600 + minutes * 60 + Number(found[3].replace(",", "."));
}

/** The parts that are left of `[0, length]` without `cuts`, pairs of seconds in any order. */
export function leftOf(length, cuts) {
  const parts = [];
  let at = 0;
  for (const [from, to] of [...cuts].sort((a, b) => a[0] - b[0])) {
    if (from > at) parts.push({ from: at, to: Math.min(from, length) });
    at = Math.max(at, to);
  }
  if (at < length) parts.push({ from: at, to: length });
  return parts;
}
