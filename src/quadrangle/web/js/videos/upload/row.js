import { append, clear, h } from "../../base/dom.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

/** A button of a row: "pause", "resume" or "remove". */
function tool(iconName, label, onPress) {
  const button = iconButton(iconName, label);
  button.addEventListener("click", onPress);
  return button;
}

export function actionButton(label, onPress, className = "button") {
  const button = h("button", { type: "button", class: className }, label);
  button.addEventListener("click", onPress);
  return button;
}

/**
 * How one upload stands, in words and as a bar. `show({text, part, tone, shown, buttons})` draws it
 * anew: `part` is 0 to 1, null for no bar; `tone` as a notice's; `shown` some of the tools "pause",
 * "resume" and "remove", which call `on.pause`, `on.resume` and `on.remove`.
 */
export function uploadRow(name, details, on) {
  const line = h("p", { class: "upload-line" });
  const bar = h("progress", { class: "bar", max: 1, "aria-label": words.bar(name) });
  const actions = h("div", { class: "row" });
  const tools = h("div", { class: "upload-tools" });
  const all = {
    pause: tool("pause", words.pause(name), () => on.pause()),
    resume: tool("play", words.resume(name), () => on.resume()),
    remove: tool("x", words.remove(name), () => on.remove()),
  };
  const element = h(
    "li",
    { class: "upload-row card" },
    h(
      "div",
      { class: "upload-head" },
      icon("film"),
      h("h3", { class: "upload-name", dir: "auto" }, name),
      tools,
    ),
    bar,
    line,
    actions,
    details,
  );

  function show({ text, part = null, tone = "", shown = ["remove"], buttons = [] }) {
    const focused = Object.values(all).includes(document.activeElement);
    line.textContent = text;
    line.dataset.tone = tone;
    bar.hidden = part === null;
    if (part !== null) bar.value = part;
    const wanted = shown.map((one) => all[one]);
    if (wanted.some((one, i) => tools.children[i] !== one) || tools.childElementCount !== wanted.length) {
      clear(tools).append(...wanted);
      if (focused) wanted[0]?.focus();
    }
    append(clear(actions), buttons);
    actions.hidden = buttons.length === 0;
  }

  return { element, show };
}
