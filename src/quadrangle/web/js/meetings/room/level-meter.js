import { h } from "../../base/dom.js";
import { measureLevel } from "./level.js";

const BARS = 5;

/** Five bars that show how loud a stream is. `label` says to everyone whose sound it is. */
export function levelMeter(label) {
  const bars = Array.from({ length: BARS }, () => h("span", {}));
  const element = h("span", { class: "level", role: "img", "aria-label": label }, bars);
  let stop = null;
  const meter = {
    element,
    level: 0,
    follow(stream) {
      stop?.();
      stop = measureLevel(stream, (level) => meter.show(level));
      if (!stop) meter.show(0);
    },
    show(level) {
      meter.level = level;
      bars.forEach((bar, i) => bar.classList.toggle("on", level > i / BARS));
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
  return meter;
}
