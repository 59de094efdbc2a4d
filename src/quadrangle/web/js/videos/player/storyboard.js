import { h } from "../../base/dom.js";
import { cueAt, fetchCues } from "./vtt.js";

const BOX = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/;

/** The small pictures along a film: `show(second)` draws the one there; without one it is hidden. */
export function storyboard() {
  const element = h("span", { class: "storyboard", hidden: true });
  let cues = [];

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
    },
    show(second) {
      const cue = cues[Math.max(0, cueAt(cues, second))];
      element.hidden = !cue;
      if (!cue) return;
      const [x, y, w, height] = cue.box;
      element.style.width = `${w}px`;
      element.style.height = `${height}px`;
      element.style.backgroundImage = `url("${cue.picture}")`;
      element.style.backgroundPosition = `-${x}px -${y}px`;
    },
  };
}
