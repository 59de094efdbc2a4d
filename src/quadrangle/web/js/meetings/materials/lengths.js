import { texts } from "./texts.js";

const words = texts.attendance;

/** A length of time for people: "45 minutes". */
export function lengthOf(seconds) {
  return seconds < 60 ? words.short : words.minutes(Math.round(seconds / 60));
}
