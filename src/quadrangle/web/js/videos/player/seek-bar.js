import { h } from "../../base/dom.js";
import { clock, spoken } from "../amounts.js";
import { storyboard } from "./storyboard.js";
import { seekMarks } from "./seek-marks.js";
import { texts as words } from "./texts.js";

const STEPS = 1000;
const NEAR_PX = 6; // how far from the mark of a slide a pointer may be to be at it

/**
 * The line along a film. `onSeek(second)` is called while it is dragged and when it is let go.
 * `show(at, of, buffered)` in seconds; `board` shows pictures beside the pointer.
 */
export function seekBar(onSeek) {
  const input = h("input", {
    type: "range",
    class: "seek-line",
    min: 0,
    max: STEPS,
    step: "any",
    value: 0,
    "aria-label": words.seek,
  });
  const board = storyboard();
  const time = h("span", { class: "seek-time" });
  const marks = seekMarks();
  const hint = h(
    "span",
    { class: "seek-hint", hidden: true, "aria-hidden": "true" },
    board.element,
    marks.name,
    time,
  );
  const element = h("div", { class: "seek" }, hint, input, marks.element);
  let length = 0;
  let dragging = false;

  function draw(at, buffered) {
    const part = (second) => `${length > 0 ? Math.min(100, (second / length) * 100) : 0}%`;
    input.style.setProperty("--at", part(at));
    if (buffered !== undefined) input.style.setProperty("--buffered", part(buffered));
    input.setAttribute("aria-valuetext", words.position(spoken(at), spoken(length)));
  }

  function point(clientX) {
    const box = input.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    const pointed = part * length;
    const slide = marks.slideNear(pointed, (NEAR_PX / box.width) * length);
    const second = slide?.start ?? pointed;
    hint.hidden = !length;
    time.textContent = clock(second);
    marks.point(second, slide);
    board.show(second, slide?.end);
    const half = hint.offsetWidth / 2;
    const left = Math.min(Math.max(part * box.width, half), box.width - half);
    hint.style.left = `${left}px`;
  }

  input.addEventListener("pointermove", (event) => point(event.clientX));
  input.addEventListener("pointerdown", (event) => point(event.clientX));
  for (const name of ["pointerleave", "pointercancel"]) {
    input.addEventListener(name, () => (hint.hidden = true));
  }
  input.addEventListener("pointerup", (event) => {
    if (event.pointerType !== "mouse") hint.hidden = true;
  });
  input.addEventListener("input", () => {
    dragging = true;
    const at = (Number(input.value) / STEPS) * length;
    draw(at);
    onSeek(at);
  });
  input.addEventListener("change", () => (dragging = false));

  return {
    element,
    input,
    board,
    mark: marks.mark,
    show(at, of, buffered) {
      length = of || 0;
      marks.fit(length);
      input.disabled = !length;
      if (!dragging) input.value = length ? (at / length) * STEPS : 0;
      if (!dragging) draw(at, buffered);
    },
  };
}
