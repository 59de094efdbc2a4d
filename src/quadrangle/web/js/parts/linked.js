import { h } from "../base/dom.js";

// What ends an address: space, brackets and quotes, and signs that show nothing or turn the line.
const ADDRESS =
  /\bhttps?:\/\/[^\s<>"“”„«»\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gi;
const PAIRS = { ")": "(", "]": "[", "}": "{" };

// Punctuation at the end belongs to the sentence, a bracket too unless the address opened it.
function trimmed(address) {
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1];
    const opening = PAIRS[last];
    const before = address.slice(0, end);
    if (opening ? count(before, last) <= count(before, opening) : !/[.,;:!?'’…*_]/.test(last)) break;
  }
  return address.slice(0, end);
}

const count = (text, sign) => text.split(sign).length - 1;

// An address with a name before its host is made to be taken for another host.
function hrefOf(address) {
  try {
    const url = new URL(address);
    const isPlain = /^https?:$/.test(url.protocol) && !url.username && !url.password;
    return isPlain && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A text that somebody typed, as nodes: web addresses in it are links, all else stays text. Search
 * engines are told not to follow, as anybody may have written it.
 */
export function linkedText(text) {
  const parts = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (!href) continue;
    const rel = "noopener nofollow ugc";
    parts.push(text.slice(at, index), h("a", { href, rel, target: "_blank" }, address));
    at = index + address.length;
  }
  parts.push(text.slice(at));
  return parts;
}
