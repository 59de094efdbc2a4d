// Copies what the pages need of third-party packages from node_modules into the pages' vendor
// folder, which is not committed. Run `npm ci` first.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const VENDOR = join(ROOT, "src", "quadrangle", "web", "vendor");

// Names at https://lucide.dev/icons; keep the list sorted.
const ICONS = [
  "arrow-down", "arrow-left", "arrow-right", "arrow-up", "at-sign", "building-2", "calendar-clock", "camera",
  "chart-column", "check", "chevron-down", "chevron-left", "chevron-right", "circle",
  "circle-alert", "circle-check", "circle-dot", "circle-dashed", "circle-question-mark",
  "circle-user-round", "clock", "copy", "copy-check", "download", "droplets", "ellipsis", "external-link",
  "eye", "fingerprint-pattern", "flag", "history", "house", "image", "images", "inbox", "info", "key-round", "keyboard",
  "layout-dashboard", "link", "list-checks", "list-plus", "lock", "log-in", "log-out", "mail", "map-pin",
  "megaphone", "message-square", "messages-square", "minus", "monitor", "moon", "paperclip",
  "pencil", "plus", "printer", "refresh-cw", "rotate-ccw", "search", "send", "settings", "shield-alert", "shield-check",
  "sliders-horizontal", "smartphone", "sun", "sun-moon", "tag", "thermometer", "trash-2", "triangle-alert", "undo-2",
  "user-check", "user-plus", "user-round", "user-x", "users", "wifi", "wifi-off", "wrench", "x", "zap",
];

const MEETING_ICONS = [
  "calendar-plus", "circle-x", "clipboard", "eye-off", "gauge", "hand", "hand-helping",
  "loader", "maximize", "mic", "mic-off", "minimize",
  "monitor-off", "mouse-pointer", "phone-off", "screen-share", "screen-share-off",
  "square-terminal", "unplug", "video", "video-off", "volume-2", "volume-x",
];

const VIDEO_ICONS = [
  "captions", "captions-off", "circle-play", "code-xml", "film", "globe", "headphones", "hourglass", "list-video",
  "pause", "picture-in-picture-2", "play", "scissors", "upload",
];

const FONT = "@fontsource/atkinson-hyperlegible-next";
const FONT_FILES = ["latin", "latin-ext"].flatMap((set) =>
  [400, 600].map((weight) => ({
    from: `${FONT}/files/atkinson-hyperlegible-next-${set}-${weight}-normal.woff2`,
    to: `fonts/atkinson-${set}-${weight}.woff2`,
  })),
);

const FILES = [
  ...FONT_FILES,
  { from: "uplot/dist/uPlot.esm.js", to: "uplot/uPlot.esm.js" },
  { from: "uplot/dist/uPlot.min.css", to: "uplot/uPlot.min.css" },
  { from: "swagger-ui-dist/swagger-ui.css", to: "swagger-ui/swagger-ui.css" },
  { from: "swagger-ui-dist/swagger-ui-bundle.js", to: "swagger-ui/swagger-ui-bundle.js" },
  // Whole folders: ES modules that import one another.
  { from: "@novnc/novnc/core", to: "novnc/core" },
  { from: "@novnc/novnc/vendor", to: "novnc/vendor" },
  { from: "@xterm/xterm/lib/xterm.mjs", to: "xterm/xterm.mjs", edit: withoutInlineStyles },
  { from: "@xterm/xterm/css/xterm.css", to: "xterm/xterm.css" },
  { from: "@xterm/addon-fit/lib/addon-fit.mjs", to: "xterm/addon-fit.mjs" },
  { from: "hls.js/dist/hls.min.mjs", to: "hls/hls.min.mjs", edit: withoutSourceMap },
  { from: "hls.js/dist/hls.worker.js", to: "hls/hls.worker.js", edit: withoutSourceMap },
  { from: "tus-js-client/dist/tus.min.js", to: "tus/tus.min.js", edit: withoutSourceMap },
  { from: "hls.js/LICENSE", to: "licenses/hls.txt" },
  { from: "tus-js-client/LICENSE", to: "licenses/tus-js-client.txt" },
  { from: "@novnc/novnc/LICENSE.txt", to: "licenses/novnc.txt" },
  { from: "@novnc/novnc/vendor/pako/LICENSE", to: "licenses/pako.txt" },
  { from: "@xterm/xterm/LICENSE", to: "licenses/xterm.txt" },
  { from: `${FONT}/LICENSE`, to: "licenses/atkinson-hyperlegible-next.txt" },
  { from: "lucide-static/LICENSE", to: "licenses/lucide.txt" },
  { from: "uplot/LICENSE", to: "licenses/uplot.txt" },
  { from: "swagger-ui-dist/LICENSE", to: "licenses/swagger-ui.txt" },
  {
    from: "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
    to: "licenses/swagger-ui-bundle.txt",
  },
];

/**
 * The pages' content security policy allows no inline styles. xterm.js writes some all the same:
 * attributes become properties, and style elements our `q-style` (js/meetings/terminal/).
 */
function withoutInlineStyles(code) {
  const attribute = 't.setAttribute("style",`${t.getAttribute("style")||""}${e};`)';
  return replaced(
    replaced(code, attribute, 1, "t.style.cssText+=`${e};`"),
    'createElement("style")',
    3,
    'createElement("q-style")',
  );
}

/** Maps are not copied, so nothing may ask for them. */
function withoutSourceMap(code) {
  return code.replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

/** Replace a text that has to be there so many times: a new version may have changed it. */
function replaced(code, text, times, by) {
  const found = code.split(text).length - 1;
  if (found !== times) throw new Error(`${text} is there ${found} times, not ${times}`);
  return code.replaceAll(text, () => by);
}

async function symbol(name) {
  const svg = await readFile(join(MODULES, "lucide-static", "icons", `${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

async function copy({ from, to, edit }) {
  const target = join(VENDOR, to);
  await mkdir(dirname(target), { recursive: true });
  if (edit) await writeFile(target, edit(await readFile(join(MODULES, from), "utf8")));
  else await cp(join(MODULES, from), target, { recursive: true });
}

await rm(VENDOR, { recursive: true, force: true });
await mkdir(VENDOR, { recursive: true });
await Promise.all(FILES.map(copy));
const symbols = await Promise.all([...ICONS, ...MEETING_ICONS, ...VIDEO_ICONS].map(symbol));
await writeFile(
  join(VENDOR, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`,
);
