import { api } from "../../base/api.js";
import { h, s } from "../../base/dom.js";
import { LANGUAGE } from "../../base/time.js";
import { videoPath } from "../addresses.js";
import { part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.plays;
const HEIGHT = 72;
const STEP = 10;
const shortDay = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", timeZone: "UTC" });
const named = (day) => shortDay.format(new Date(`${day}T00:00:00Z`));

function bars(days, most) {
  const rects = days.map(({ plays }, at) => {
    const height = plays ? Math.max(2, (plays / most) * HEIGHT) : 1;
    return s("rect", {
      class: plays ? "play-bar" : "play-none",
      x: at * STEP + 1,
      y: HEIGHT - height,
      width: STEP - 2,
      height,
    });
  });
  const box = `0 0 ${days.length * STEP} ${HEIGHT}`;
  return s("svg", { class: "plays-chart", viewBox: box, preserveAspectRatio: "none", "aria-hidden": "true" }, rects);
}

function table(days) {
  const cell = ({ day, plays }) =>
    h("tr", {}, h("td", {}, named(day)), h("td", { class: "number" }, plays));
  return h(
    "details",
    { class: "disclosure" },
    h("summary", {}, words.table),
    h(
      "table",
      { class: "table" },
      h(
        "thead",
        {},
        h("tr", {}, h("th", { scope: "col" }, words.day), h("th", { scope: "col", class: "number" }, words.plays)),
      ),
      h("tbody", {}, [...days].reverse().map(cell)),
    ),
  );
}

/** How often a video was played in the last days. */
export async function playsPart(video) {
  const answer = await api.get(`${videoPath(video.id)}/plays`).catch(() => null);
  if (!answer) return part("plays", words.plays, h("p", { class: "soft" }, words.failed));
  const { days } = answer;
  const sum = days.reduce((all, { plays }) => all + plays, 0);
  const most = Math.max(1, ...days.map(({ plays }) => plays));
  return part(
    "plays",
    sum ? words.title(sum) : words.none,
    h("p", { class: "soft" }, words.lead),
    sum > 0 && h("p", { class: "soft small plays-most" }, words.most(most)),
    sum > 0 && bars(days, most),
    sum > 0 &&
      h(
        "p",
        { class: "row spread soft small plays-days" },
        h("span", {}, named(days[0].day)),
        h("span", {}, named(days.at(-1).day)),
      ),
    sum > 0 && table(days),
  );
}
