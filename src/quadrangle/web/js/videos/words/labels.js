import { texts as words } from "./texts.js";

/** What captions are called in menus; those that a program wrote say so. */
export const captionLabel = ({ label, automatic }) => (automatic ? words.automatic(label) : label);

// What lectures are mostly in; any other code can be typed where captions are uploaded by programs.
const CODES = [
  "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "it",
  "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "vi",
  "zh",
];

/** Languages as `[{code, name}]` by their names in the language of the page. */
export function languages(codes = CODES) {
  const names = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" });
  return codes
    .map((code) => ({ code, name: names.of(code) }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
