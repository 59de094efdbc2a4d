import { texts } from "./texts.js";

// What a browser says of itself, in an order in which the first that fits is right: most browsers
// also name the one they descend from.
const BROWSERS = [
  ["Edge", /\bEdg/],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(Firefox|FxiOS)\//],
  ["Chrome", /\b(Chrome|CriOS|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
];
const SYSTEMS = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Mac", /\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
];

const first = (table, text) => table.find(([, pattern]) => pattern.test(text))?.[0];

/** A User-Agent in people's words; as it is where nothing in it is known. */
export function deviceName(userAgent) {
  const browser = first(BROWSERS, userAgent);
  const system = first(SYSTEMS, userAgent);
  if (browser && system) return texts.sessions.on(browser, system);
  return browser || system || userAgent.slice(0, 80) || texts.sessions.unknown;
}
