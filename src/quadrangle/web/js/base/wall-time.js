/** How far a time zone's clock is ahead of UTC at an instant, in milliseconds. */
function ahead(at, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  return (
    Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) -
    Math.floor(at.getTime() / 1000) * 1000
  );
}

/**
 * The instant of a wall time in a zone, for showing it: the server decides, and refuses a time that
 * is skipped or comes twice there.
 */
export function instantOf(day, time, timeZone) {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  const guess = new Date(wall - ahead(new Date(wall), timeZone));
  return new Date(wall - ahead(guess, timeZone)).toISOString();
}

/** The next half hour that is at least twenty minutes away, on the reader's own clock. */
export function soon(now = new Date()) {
  return wallTime(new Date(Math.ceil((now.getTime() + 20 * 60_000) / 1800_000) * 1800_000));
}

/** The day and time of an instant on the reader's own clock, as fields take them. */
export function wallTime(at) {
  const two = (n) => String(n).padStart(2, "0");
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}
