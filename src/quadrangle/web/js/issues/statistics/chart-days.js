import { texts as words } from "./texts.js";

const HEIGHT = 260;
const LANGUAGE = document.documentElement.lang || "en";
const short = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

// Two lines over time: reported, filled and solid, and resolved, dashed.
export function dayChart({ title, points, shownDay }) {
  return {
    height: HEIGHT,
    label: title,
    make(uPlot, place, width, colours) {
      const at = points.map(({ day }) => Date.parse(day) / 1000);
      const axis = {
        stroke: colours.soft,
        font: colours.font,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
      };
      return new uPlot(
        {
          width,
          height: HEIGHT,
          padding: [8, 12, 0, 0],
          tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
          legend: { show: false },
          cursor: {
            y: false,
            drag: { x: false, y: false },
            points: { size: 8, fill: colours.surface },
          },
          scales: { y: { range: (_, __, most) => [0, Math.max(5, most * 1.1)] } },
          axes: [
            {
              ...axis,
              grid: { show: false },
              space: 70,
              size: 30,
              values: (_, ticks) => ticks.map((tick) => short.format(tick * 1000)),
            },
            {
              ...axis,
              size: 44,
              incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
              label: words.typeAxis,
              labelFont: colours.font,
              labelSize: 20,
            },
          ],
          series: [
            {},
            { stroke: colours.action, width: 2, fill: colours.actionSoft, points: { show: false } },
            { stroke: colours.ink, width: 2, dash: [6, 4], points: { show: false } },
          ],
          hooks: { ready: [(plot) => addTip(plot, points, shownDay)] },
        },
        [at, points.map((each) => each.reported), points.map((each) => each.resolved)],
        place,
      );
    },
  };
}

// The numbers of the day someone points at.
function addTip(plot, points, shownDay) {
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  plot.over.append(tip);
  plot.hooks.setCursor = [
    ({ cursor: { idx, left } }) => {
      const point = left >= 0 ? points[idx] : undefined;
      tip.hidden = !point;
      if (!point) return;
      tip.textContent = words.hovered(shownDay(point.day), point.reported, point.resolved);
      const most = plot.over.clientWidth - tip.offsetWidth;
      tip.style.left = `${Math.max(0, Math.min(most, left - tip.offsetWidth / 2))}px`;
    },
  ];
}
