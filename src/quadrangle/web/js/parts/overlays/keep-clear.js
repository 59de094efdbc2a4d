// What floats above the page stands where it covers nothing that is pressed or typed into.

const CONTROLS = "button, .button, input, select, textarea, summary, [role='button']";
const STEP = 8;
const GAP = 4;

const overlap = (one, other) =>
  one.left < other.right + GAP &&
  one.right > other.left - GAP &&
  one.top < other.bottom + GAP &&
  one.bottom > other.top - GAP;

/** Where the controls are that a floating `box` may not cover, in what it floats above. */
function taken(box) {
  const around = box.closest("dialog") ?? document;
  return [...around.querySelectorAll(CONTROLS)]
    .filter((one) => !box.contains(one) && one.checkVisibility({ visibilityProperty: true }))
    .map((one) => one.getBoundingClientRect())
    .filter(({ width, height, bottom, top }) => width > 1 && height > 1 && bottom > 0 && top < innerHeight);
}

/** How far to move, `[x, y]`, from where the styles put it: the nearest place that is free, upwards. */
function freePlace(box) {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  const others = taken(box);
  const edge = innerWidth - document.querySelector("main").getBoundingClientRect().right;
  // in the middle, else to the right or left of it
  const aside = [0, innerWidth - right - Math.max(GAP, edge) - GAP, -(left - GAP)];
  for (let up = 0; top - up >= GAP; up += STEP) {
    for (const x of aside) {
      const place = { left: left + x, right: right + x, top: top - up, bottom: bottom - up };
      if (!others.some((other) => overlap(place, other))) return [x, -up];
    }
  }
  return [0, 0]; // nothing is free: it goes by itself, and can be closed
}

/** Keep `box`, which is fixed, off the controls while the page scrolls and changes; returns what ends that. */
export function keepClear(box) {
  let frame = 0;
  const place = () => {
    frame = 0;
    box.style.translate = "";
    const [x, y] = freePlace(box);
    if (x || y) box.style.translate = `${x}px ${y}px`;
  };
  const later = () => {
    frame ||= requestAnimationFrame(place);
  };
  place();
  const changed = new MutationObserver(later);
  changed.observe(document.querySelector("main"), {
    subtree: true,
    childList: true,
    attributes: true,
  });
  addEventListener("scroll", later, { capture: true, passive: true });
  addEventListener("resize", later);
  return () => {
    cancelAnimationFrame(frame);
    changed.disconnect();
    removeEventListener("scroll", later, { capture: true });
    removeEventListener("resize", later);
  };
}
