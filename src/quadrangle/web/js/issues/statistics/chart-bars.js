import { shortNames } from "./short-names.js";

const ROW = 34;
const AXES = 46;
const LONGEST_NAME = 0.42;

// Lying bars, one for each row `{name, value, label, mark}`; a mark is what the bar is held against.
export function barChart({ title, axis, rows }) {
  const height = Math.max(1, rows.length) * ROW + AXES;
  const highest = Math.max(1, ...rows.map(({ value, mark }) => Math.max(value, mark ?? 0)));
  return {
    height,
    label: title,
    make(uPlot, place, width, colours) {
      const measure = document.createElement("canvas").getContext("2d");
      measure.font = colours.font;
      const most = width * LONGEST_NAME - 16;
      const names = shortNames(
        rows.map(({ name }) => name),
        (text) => measure.measureText(text).width <= most,
      );
      const nameWidth =
        Math.ceil(Math.max(20, ...names.map((name) => measure.measureText(name).width))) + 16;
      const labelWidth =
        Math.ceil(Math.max(0, ...rows.map(({ label }) => measure.measureText(label).width))) + 12;
      // Room for the label behind the longest bar.
      const longest = highest * (1 + labelWidth / Math.max(60, width - nameWidth - labelWidth));
      const each = { stroke: colours.ink, font: colours.font, ticks: { show: false } };
      return new uPlot(
        {
          width,
          height,
          legend: { show: false },
          cursor: { show: false },
          padding: [4, 8, 0, 0],
          scales: {
            x: { time: false, ori: 1, dir: -1, range: [-0.5, rows.length - 0.5] },
            y: { ori: 0, dir: 1, range: [0, longest] },
          },
          axes: [
            {
              ...each,
              side: 3,
              size: nameWidth,
              gap: 8,
              grid: { show: false },
              splits: rows.map((_, at) => at),
              values: names,
            },
            {
              ...each,
              stroke: colours.soft,
              side: 2,
              size: 24,
              space: 60,
              grid: { stroke: colours.line, width: 1 },
              label: axis,
              labelFont: colours.font,
              labelSize: 20,
              labelGap: 0,
            },
          ],
          series: [
            {},
            {
              fill: colours.action,
              width: 0,
              paths: uPlot.paths.bars({ size: [0.62, 22], radius: 0.2 }),
              points: { show: false },
            },
          ],
          hooks: { draw: [(plot) => drawLabels(plot, rows, colours)] },
        },
        [rows.map((_, at) => at), rows.map(({ value }) => value)],
        place,
      );
    },
  };
}

function drawLabels(plot, rows, colours) {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = colours.font.replace(/^\d+/, (size) => size * ratio);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  rows.forEach(({ value, label, mark }, at) => {
    const y = plot.valToPos(at, "x", true);
    if (mark) drawMark(plot, mark, y, colours);
    ctx.fillStyle = mark && value > mark ? colours.late : colours.ink;
    ctx.fillText(label, plot.valToPos(Math.max(value, mark ?? 0), "y", true) + 7 * ratio, y);
  });
  ctx.restore();
}

function drawMark(plot, mark, y, colours) {
  const ratio = devicePixelRatio;
  const x = plot.valToPos(mark, "y", true);
  plot.ctx.fillStyle = colours.surface;
  plot.ctx.fillRect(x - 3 * ratio, y - 14 * ratio, 6 * ratio, 28 * ratio);
  plot.ctx.fillStyle = colours.ink;
  plot.ctx.fillRect(x - 1.5 * ratio, y - 14 * ratio, 3 * ratio, 28 * ratio);
}
