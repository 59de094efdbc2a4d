import { append, clear, h } from "../../base/dom.js";
import { texts as words } from "./texts.js";

/**
 * Where chapters begin and slides change, on the line along a film. `mark(chapters, slides)` in
 * seconds, `fit(length)` once the film's length is known; `point(second, slide)` names the chapter
 * there, and the slide; `slideNear(second, by)` is the slide whose mark is so near, or null.
 * Lists beside the film say the same to who does not see it.
 */
export function seekMarks() {
  const element = h("span", { class: "seek-marks", "aria-hidden": "true" });
  const name = h("span", { class: "seek-chapter", hidden: true, dir: "auto" });
  let chapters = [];
  let slides = [];
  let drawn = 0;

  function draw(length) {
    drawn = length;
    const mark = (second, kind) => {
      const one = h("span", { class: `seek-mark ${kind}` });
      one.style.left = `${(second / length) * 100}%`;
      return one;
    };
    const within = (second) => second > 0 && second < length;
    append(
      clear(element),
      slides.filter(within).map((second) => mark(second, "slide")),
      chapters.filter(({ start }) => within(start)).map(({ start }) => mark(start, "chapter")),
    );
  }

  return {
    element,
    name,
    mark(newChapters, newSlides) {
      [chapters, slides] = [newChapters, newSlides];
      draw(drawn);
    },
    fit(length) {
      if (Math.abs(length - drawn) > 0.01) draw(length);
    },
    slideNear(second, by) {
      const near = slides.filter((start) => start > 0 && start < drawn && Math.abs(start - second) <= by);
      if (!near.length) return null;
      const start = near.reduce((one, other) => (Math.abs(other - second) < Math.abs(one - second) ? other : one));
      const at = slides.indexOf(start);
      return { start, end: slides[at + 1] ?? drawn, number: at + 2 };
    },
    point(second, slide) {
      const here = chapters.findLast(({ start }) => start <= second);
      const said = [here?.title, slide && words.slide(slide.number)].filter(Boolean);
      name.hidden = !said.length;
      name.textContent = said.join(" · ");
    },
  };
}
