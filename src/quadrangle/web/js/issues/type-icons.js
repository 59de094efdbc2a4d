import { icon } from "../parts/icons.js";

// Types are the administrator's to name; a word that is recognised gets its picture.
const PICTURES = [
  [/network|wi-?fi|internet/i, "wifi"],
  [/secur|safety/i, "shield-alert"],
  [/infrastructure|building/i, "building-2"],
  [/maintenance|repair/i, "wrench"],
  [/electric|power|light/i, "zap"],
  [/water|plumb|leak/i, "droplets"],
  [/heat|cool|climate/i, "thermometer"],
  [/^other$/i, "circle-question-mark"],
];

export function typeIcon(name) {
  return icon(PICTURES.find(([pattern]) => pattern.test(name))?.[1] ?? "tag");
}
