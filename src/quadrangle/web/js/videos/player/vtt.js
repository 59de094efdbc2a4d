// WebVTT as far as our own server writes it: times, one text for each, no styles.

const TIMES = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3})\s+-->\s+(?:(\d+):)?(\d\d):(\d\d\.\d{3})/;

const seconds = (h, m, s) => Number(h ?? 0) * 3600 + Number(m) * 60 + Number(s);

function plain(text) {
  const body = new DOMParser().parseFromString(text.replace(/<[^>]*>/g, ""), "text/html").body;
  return body.textContent.replace(/\s+/g, " ").trim();
}

/** The cues of a WebVTT text: `[{from, to, text}]`, times in seconds, without markup. */
export function cuesOf(vtt) {
  const blocks = vtt.replace(/\r\n?/g, "\n").split(/\n{2,}/);
  return blocks.flatMap((block) => {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0) return [];
    const [, h1, m1, s1, h2, m2, s2] = TIMES.exec(lines[at]);
    const text = plain(lines.slice(at + 1).join("\n"));
    return [{ from: seconds(h1, m1, s1), to: seconds(h2, m2, s2), text }];
  });
}

/** The index of the cue at a second: the last that has begun; -1 before the first. */
export function cueAt(cues, second) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].from <= second) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Fetch a WebVTT file of ours and return its cues. Throws when it cannot be had. */
export async function fetchCues(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return cuesOf(await answer.text());
}
