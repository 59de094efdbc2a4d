import { h } from "../../base/dom.js";
import { hours } from "../../base/time.js";
import { count } from "../../base/texts.js";
import { texts as words } from "./texts.js";

// The numbers people ask for first.
export function figures({ reported, resolved, open, resolution }) {
  const { medianHours, p90Hours, withinTarget } = resolution;
  const none = resolution.count === 0 && words.noneResolved;
  const share = withinTarget === null ? words.none : words.percent(withinTarget);
  return h(
    "dl",
    { class: "figures" },
    figure(words.reported, count(reported), words.waiting(open.OPEN + open.IN_PROGRESS)),
    figure(words.resolved, count(resolved)),
    figure(words.median, hours(medianHours), none),
    figure(words.p90, hours(p90Hours), none),
    figure(words.within, share, none),
  );
}

function figure(label, value, note) {
  return h(
    "div",
    { class: "figure" },
    h("dt", {}, label),
    h("dd", {}, h("b", {}, value), note && h("span", {}, note)),
  );
}
