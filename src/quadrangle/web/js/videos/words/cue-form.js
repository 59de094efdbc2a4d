import { h } from "../../base/dom.js";
import { clock } from "../amounts.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { preciseClock, preciseSecondOf } from "./times.js";
import { texts } from "./texts.js";

const words = texts.editor;
let made = 0;

function timeField(label, cue, name, player, onChange) {
  const id = `cue-${name}-${(made += 1)}`;
  const error = h("p", { class: "error small", id: `${id}-error`, hidden: true }, words.badTime);
  const input = h("input", {
    id,
    class: "input cue-at",
    inputmode: "decimal",
    autocomplete: "off",
    value: preciseClock(cue[name]),
    "aria-describedby": `${id}-error`,
  });
  const now = iconButton("clock", words.now(clock(player.position)));
  function take(second) {
    cue[name] = second;
    onChange();
  }
  input.addEventListener("input", () => {
    const second = preciseSecondOf(input.value);
    error.hidden = second !== null;
    input.setAttribute("aria-invalid", String(second === null));
    if (second !== null) take(second);
  });
  input.addEventListener("blur", () => {
    if (preciseSecondOf(input.value) === null) input.value = preciseClock(cue[name]);
    error.hidden = true;
    input.setAttribute("aria-invalid", "false");
  });
  now.addEventListener("click", () => {
    const second = Math.round(player.position * 100) / 100;
    input.value = preciseClock(second);
    take(second);
  });
  return h(
    "div",
    { class: "cue-field" },
    h("label", { for: id }, label),
    h("span", { class: "cue-at-row" }, input, now),
    error,
  );
}

/** The line that is open: its times, its text, and what can be done with it. It changes `cue`. */
export function cueForm(cue, player, { onChange, onAdd, onRemove, onNext }) {
  const text = h("textarea", { class: "input cue-words", rows: 2, dir: "auto", "aria-label": words.text });
  text.value = cue.text;
  text.addEventListener("input", () => {
    cue.text = text.value;
    onChange();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onNext();
  });
  const button = (name, label, work) => {
    const one = iconButton(name, label);
    one.addEventListener("click", work);
    return one;
  };
  const next = h("button", { type: "button", class: "button quiet" }, words.next, icon("arrow-down"));
  next.addEventListener("click", onNext);
  return h(
    "div",
    { class: "cue-form" },
    text,
    h(
      "div",
      { class: "cue-fields" },
      timeField(words.from, cue, "start", player, onChange),
      timeField(words.to, cue, "end", player, onChange),
    ),
    h(
      "div",
      { class: "row cue-acts" },
      button("play", words.play, () => {
        player.goTo(cue.start);
        player.play();
      }),
      button("plus", words.add, onAdd),
      button("trash-2", words.remove, onRemove),
      next,
    ),
  );
}
