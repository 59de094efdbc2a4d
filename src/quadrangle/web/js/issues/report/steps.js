import { announce, append, clear, h, s } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { nameDocument } from "../../parts/title.js";
import { texts } from "./texts.js";

const words = texts.steps;
export const STEPS = ["type", "place", "what", "contact"];
const NARROW = matchMedia("(max-width: 47.99rem)");
const BARS = [
  [2, 2, 20.5, 7],
  [23, 2, 7, 20.5],
  [9.5, 23, 20.5, 7],
  [2, 9.5, 7, 20.5],
];

/** The four sides of the mark, one for each question that has been reached. */
function court() {
  const bars = BARS.map(([x, y, width, height]) => s("rect", { x, y, width, height, rx: 3.5 }));
  const picture = s("svg", { class: "court", viewBox: "0 0 32 32", "aria-hidden": "true" }, bars);
  return {
    picture,
    show(reached) {
      bars.forEach((bar, i) => bar.classList.toggle("reached", i <= reached));
    },
  };
}

/**
 * One question at a time where there is no room for more: the step is in the address, and back
 * goes one question back. `check(step)` shows the faults of a step and tells whether it has none.
 */
export function steps(form, { check, complete, sendLabel }) {
  let current = 0;
  const picture = court();
  const count = h("p", { class: "soft" });
  const progress = h("div", { class: "step-progress" }, picture.picture, count);
  const back = h(
    "button",
    { type: "button", class: "button step-back" },
    icon("arrow-left"),
    words.back,
  );
  const go = h("button", { type: "submit", class: "button primary step-go" });
  const bar = h("div", { class: "step-bar" }, back, go);

  const last = () => !NARROW.matches || current === STEPS.length - 1;

  function draw() {
    for (const section of form.querySelectorAll(".question")) {
      section.toggleAttribute("data-current", section.dataset.step === STEPS[current]);
    }
    picture.show(current);
    count.textContent = words.count(current + 1, STEPS.length);
    const where = words.pageTitle(texts[STEPS[current]].title, count.textContent);
    nameDocument(common.title(NARROW.matches ? where : texts.title));
    back.hidden = !NARROW.matches || current === 0;
    append(clear(go), last() ? [icon("send"), sendLabel] : [words.next, icon("arrow-right")]);
  }

  function show(step, { focus = true } = {}) {
    current = Math.max(0, STEPS.indexOf(step));
    draw();
    if (!focus || !NARROW.matches) return;
    scrollTo(0, 0);
    form.querySelector(`#${STEPS[current]}-title`).focus({ preventScroll: true });
    announce(count.textContent);
  }

  function addressOf(step) {
    const query = new URLSearchParams(location.search);
    query.set("step", step);
    return `?${query}`;
  }

  function visit(step) {
    history.pushState({ step }, "", addressOf(step));
    show(step);
  }

  /** The first question without an answer, or the last one. */
  function firstOpen() {
    const open = STEPS.findIndex((step) => !complete(step));
    return open < 0 ? STEPS.length - 1 : open;
  }

  function fromAddress(options) {
    const asked = STEPS.indexOf(new URLSearchParams(location.search).get("step"));
    show(STEPS[Math.min(Math.max(asked, 0), firstOpen())], options);
  }

  /** A link that answers questions begins at the one that is left. */
  function begin() {
    const address = new URLSearchParams(location.search);
    const answers = ["type", "location", "text"].some((name) => address.get(name));
    if (!answers || address.get("step")) return fromAddress({ focus: false });
    const left = STEPS[firstOpen()];
    show(left, { focus: false });
    if (NARROW.matches || left === STEPS[0]) return undefined;
    const title = form.querySelector(`#${left}-title`);
    title.focus({ preventScroll: true });
    title.scrollIntoView();
    return undefined;
  }

  back.addEventListener("click", () => {
    if (history.state?.step) {
      history.back();
      return;
    }
    history.replaceState(null, "", addressOf(STEPS[current - 1]));
    show(STEPS[current - 1]);
  });
  addEventListener("popstate", () => fromAddress());
  NARROW.addEventListener("change", draw);
  form.addEventListener("reveal", (event) => {
    const step = event.detail.closest(".question")?.dataset.step;
    if (step && NARROW.matches) show(step, { focus: false });
  });

  return {
    progress,
    bar,
    go,
    start: begin,
    /** Go on to the next question; tells whether there was one. */
    next() {
      if (last()) return false;
      if (check(STEPS[current])) visit(STEPS[current + 1]);
      return true;
    },
    reveal: (step) => NARROW.matches && show(step, { focus: false }),
  };
}
