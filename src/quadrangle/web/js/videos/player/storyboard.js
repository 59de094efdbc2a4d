import { h } from "../../base/dom.js";
import { cueAt, fetchCues } from "./vtt.js";

const BOX = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/;

function paint(element, { picture, box: [x, y, width, height] }) {
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
  element.style.backgroundImage = `url("${picture}")`;
  element.style.backgroundPosition = `-${x}px -${y}px`;
}

/**
 * The small pictures along a film. `show(second, end)` draws the one there, or the first that is of
 * what begins there and lasts until `end`; without one it is hidden. `thumbnail(start, end, width)`
 * is such a picture by itself, null without one; `whenLoaded(work)` has it made once there are some.
 */
export function storyboard() {
  const element = h("span", { class: "storyboard", hidden: true });
  let cues = [];
  let waiting = [];

  function cueOf(start, end = start) {
    const at = Math.max(0, cueAt(cues, start));
    // a picture is of an instant: the one before a change still shows what was there
    const next = cues[at]?.from < start ? cues[at + 1] : null;
    return next && next.from < end ? next : cues[at];
  }

  return {
    element,
    async load(url) {
      cues = [];
      element.hidden = true;
      if (!url) return;
      const found = await fetchCues(url).catch(() => []); // it only helps finding a place
      cues = found.flatMap(({ from, text }) => {
        const [, file, ...box] = BOX.exec(text) ?? [];
        const picture = file && new URL(file, new URL(url, location.href)).href;
        return picture ? [{ from, picture, box: box.map(Number) }] : [];
      });
      if (cues.length) for (const work of waiting.splice(0)) work();
    },
    show(second, end) {
      const cue = cueOf(second, end);
      element.hidden = !cue;
      if (cue) paint(element, cue);
    },
    thumbnail(start, end, width) {
      const cue = cueOf(start, end);
      if (!cue) return null;
      const [, , whole, height] = cue.box;
      const scale = width / whole;
      const inner = h("span", { class: "thumbnail-sheet" });
      paint(inner, cue);
      inner.style.transform = `scale(${scale})`;
      const outer = h("span", { class: "thumbnail", "aria-hidden": "true" }, inner);
      outer.style.width = `${width}px`;
      outer.style.height = `${Math.round(height * scale)}px`;
      return outer;
    },
    whenLoaded(work) {
      waiting = cues.length ? waiting : [...waiting, work];
      if (cues.length) work();
    },
  };
}
