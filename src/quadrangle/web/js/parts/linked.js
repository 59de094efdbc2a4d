import { h } from "../base/dom.js";

// What ends an address: space, brackets and quotes, and signs that show nothing or turn the line.
const ADDRESS =
  /\bhttps?:\/\/[^\s<>"“”„«»\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gi;
const PAIRS = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);
const LONGEST = 2000; // signs of an address; a longer one stays text
const PLAIN_HOST = /^[a-z0-9.-]+$/i;

// Punctuation at the end belongs to the sentence, a bracket too unless the address opened it.
function trimmed(address) {
  const open = new Map([...PAIRS].map(([last, first]) => [last, excess(address, last, first)]));
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1];
    if (PAIRS.has(last) && open.get(last) > 0) open.set(last, open.get(last) - 1);
    else if (!/[.,;:!?'’…*_]/.test(last)) break;
  }
  return address.slice(0, end);
}

/** How many more of the closing bracket there are than of the opening one. */
function excess(address, last, first) {
  let more = 0;
  for (const sign of address) more += (sign === last) - (sign === first);
  return more;
}

// What is made to be taken for another host is no link: a name before the host, and letters or
// slashes of other scripts in it, which a browser writes as something else.
function hrefOf(address) {
  if (address.length > LONGEST) return null;
  try {
    const url = new URL(address);
    const written = address.slice(address.indexOf("//") + 2).split(/[/?#\\]/, 1)[0];
    const isPlain = /^https?:$/.test(url.protocol) && !url.username && !url.password;
    const host = written.replace(/:\d*$/, "");
    return isPlain && PLAIN_HOST.test(host) && host.toLowerCase() === url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A text that somebody typed, as nodes: web addresses in it are links, all else stays text. Search
 * engines are told not to follow, as anybody may have written it. Each link is read in its own
 * direction, whatever turned the line before it.
 */
export function linkedText(text) {
  const parts = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (!href) continue;
    const link = h("a", { href, rel: "noopener nofollow ugc", target: "_blank" }, address);
    parts.push(text.slice(at, index), h("bdi", { dir: "ltr" }, link));
    at = index + address.length;
  }
  parts.push(text.slice(at));
  return parts;
}
