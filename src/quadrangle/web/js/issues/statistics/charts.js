import { h } from "../../base/dom.js";

const LIBRARY = "../../../vendor/uplot/uPlot.esm.js";

// Those of the system where it has its own.
const FORCED = matchMedia("(forced-colors: active)");
const SYSTEM = {
  ink: "CanvasText",
  "ink-soft": "CanvasText",
  line: "GrayText",
  action: "Highlight",
  "action-soft": "Canvas",
  urgent: "LinkText",
  "surface-raised": "Canvas",
};

// The colours of the theme as the canvas needs them.
function readColours() {
  const probe = h("span", { hidden: true });
  probe.style.forcedColorAdjust = "none";
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = FORCED.matches ? SYSTEM[name] : `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = {
    ink: "ink",
    soft: "ink-soft",
    line: "line",
    action: "action",
    actionSoft: "action-soft",
    late: "urgent",
    surface: "surface-raised",
  };
  const colours = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, read(name)]));
  probe.remove();
  return { ...colours, font: `13px ${getComputedStyle(document.body).fontFamily}` };
}

// Draws charts at the size of their place and in the colours of the theme, again when one of them
// changes. Without the library the tables open instead.
export class Charts {
  #charts = [];
  #library = null;
  #resized = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const chart = this.#charts.find(({ place }) => place === target);
      if (chart && chart.width !== Math.floor(contentRect.width)) this.#drawOne(chart);
    }
  });

  constructor() {
    const redraw = () => this.#charts.forEach((chart) => this.#drawOne(chart));
    document.addEventListener("themechange", redraw);
    for (const asked of [matchMedia("(prefers-color-scheme: dark)"), FORCED])
      asked.addEventListener("change", redraw);
    this.#library = import(LIBRARY).then(
      (module) => module.default,
      () => null,
    );
  }

  // `chart`: {height, label, make(uPlot, place, width, colours)}. Returns where it will be drawn.
  add(chart) {
    const place = h("div", { class: "chart", role: "img", "aria-label": chart.label });
    place.style.height = `${chart.height}px`;
    this.#charts.push({ ...chart, place, width: 0, drawn: null });
    return place;
  }

  forget() {
    this.#resized.disconnect();
    for (const { drawn } of this.#charts) drawn?.destroy();
    this.#charts = [];
  }

  async draw() {
    const uPlot = await this.#library;
    await document.fonts.ready;
    for (const chart of this.#charts) {
      if (uPlot) this.#resized.observe(chart.place);
      else {
        chart.place.parentElement.querySelector("details").open = true;
        chart.place.remove();
      }
    }
    if (!uPlot) for (const legend of document.querySelectorAll(".legend")) legend.remove();
  }

  async #drawOne(chart) {
    const uPlot = await this.#library;
    const width = Math.floor(chart.place.clientWidth);
    if (!width) return;
    chart.drawn?.destroy();
    chart.width = width;
    chart.drawn = chart.make(uPlot, chart.place, width, readColours());
  }
}
