import { h } from "../../base/dom.js";
import { panelButton } from "../desktop/panel-button.js";
import { texts } from "../texts.js";

const words = texts.terminal.keys;
const KEYS = [
  [texts.desktop.keys.escape, "\x1b"],
  [texts.desktop.keys.tab, "\t"],
  ["Ctrl C", "\x03"],
  ["Ctrl D", "\x04"],
  ["Ctrl Z", "\x1a"],
  ["Ctrl L", "\x0c"],
  ["↑", "\x1b[A"],
  ["↓", "\x1b[B"],
  ["←", "\x1b[D"],
  ["→", "\x1b[C"],
];
const SPOKEN = { "↑": words.up, "↓": words.down, "←": words.left, "→": words.right };

/** Keys that phones do not have. `type(text)` types; `onReadOut(on)` is for screen readers. */
export function terminalKeys({ type, onReadOut }) {
  const keys = KEYS.map(([label, sequence]) => {
    const button = h(
      "button",
      { type: "button", class: "button desk-key", "aria-label": SPOKEN[label] },
      label,
    );
    button.addEventListener("click", () => type(sequence));
    return button;
  });
  const readOut = h("input", { type: "checkbox" });
  readOut.addEventListener("change", () => onReadOut(readOut.checked));
  const panel = panelButton({
    iconName: "keyboard",
    label: texts.desktop.keys.button,
    title: texts.desktop.keys.title,
    content: [
      h("div", { class: "desk-keys even" }, keys),
      h("label", { class: "desk-check" }, readOut, words.readOut),
      h("p", { class: "soft small" }, texts.desktop.keys.leave),
    ],
  });
  return {
    element: panel.element,
    setEnabled(enabled) {
      for (const key of keys) key.disabled = !enabled;
    },
  };
}
