const TIME = /^(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/;

/** A time as an editor shows it, to a hundredth: "1:04.5", "1:02:03.25". */
export function preciseClock(seconds) {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const rest = hundredths % 100;
  const part = rest ? `.${String(rest).padStart(2, "0").replace(/0$/, "")}` : "";
  const two = (n) => String(n).padStart(2, "0");
  return `${h ? `${h}:${two(m)}` : m}:${two(s)}${part}`;
}

/** The seconds that somebody typed as "64.5", "1:04.5" or "1:02:03"; null for what is no time. */
export function preciseSecondOf(text) {
  const found = TIME.exec(text.trim());
  if (!found) return null;
  const [, h, m, s, part] = found;
  if (m !== undefined && Number(s) > 59) return null;
  return Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s) + Number(`0.${part ?? 0}`);
}
