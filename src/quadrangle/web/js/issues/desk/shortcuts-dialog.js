import { h } from "../../base/dom.js";
import { iconButton } from "../../parts/icon-button.js";
import { texts } from "./texts.js";

const words = texts.shortcuts;

// Shows the keys, and lets people turn the single ones off.
export function shortcutsDialog(keys) {
  const enabled = h("input", { type: "checkbox" });
  enabled.addEventListener("change", () => (keys.enabled = enabled.checked));
  const close = iconButton("x", words.close);
  const dialog = h(
    "dialog",
    { class: "dialog keys-dialog", "aria-labelledby": "keys-title", closedby: "any" },
    h("div", { class: "dialog-head" }, h("h2", { id: "keys-title" }, words.title), close),
    h(
      "dl",
      {},
      words.list.map(([pressed, meaning]) => [
        h(
          "dt",
          {},
          pressed.map((key) => h("kbd", {}, key)),
        ),
        h("dd", {}, meaning),
      ]),
    ),
    h("p", { class: "soft small" }, words.note),
    h("label", { class: "check" }, enabled, h("span", {}, words.enabled)),
  );
  close.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  return () => {
    enabled.checked = keys.enabled;
    dialog.showModal();
  };
}
