import { append, clear, h } from "../../base/dom.js";

/**
 * Where chapters begin and slides change, on the line along a film. `mark(chapters, slides)` in
 * seconds, `fit(length)` once the film's length is known; `point(second)` names the chapter there.
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
    point(second) {
      const here = chapters.findLast(({ start }) => start <= second);
      name.hidden = !here;
      name.textContent = here?.title ?? "";
    },
  };
}
