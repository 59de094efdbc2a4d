import { announce, h } from "../base/dom.js";
import { iconButton } from "./icon-button.js";
import { texts } from "./texts.js";

const SHOWN_MS = 8_000;
const words = texts.toast;
let current = null;

// Tell what happened, with a way back for eight seconds; longer while someone points at it.
export function toast(text, undo = null) {
  current?.close();
  const box = h(
    "section",
    { class: "toast", "aria-label": words.message },
    h("p", { dir: "auto" }, text),
  );
  let timer = 0;
  let before = null;
  const close = () => {
    clearTimeout(timer);
    const hadFocus = box.contains(document.activeElement);
    box.remove();
    if (hadFocus) before?.focus();
    if (current?.box === box) current = null;
  };
  const run = () => {
    close();
    return undo();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(close, SHOWN_MS);
  };
  const dismiss = iconButton("x", words.dismiss, "button icon-only");
  dismiss.addEventListener("click", close);
  const buttons = h("div", { class: "toast-buttons" });
  if (undo) {
    const button = h("button", { type: "button", class: "button" }, words.undo);
    button.addEventListener("click", run);
    buttons.append(button);
  }
  buttons.append(dismiss);
  box.append(buttons);
  for (const event of ["pointerenter", "focusin"])
    box.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, wait);
  box.addEventListener("focusin", ({ relatedTarget }) => {
    if (!box.contains(relatedTarget)) before = relatedTarget;
  });
  // Over an open dialog only what is inside it can be reached.
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  announce(undo ? `${text}. ${words.undo}: z` : text);
  current = { box, close, undo: undo && run };
  wait();
}

export const undoLast = () => current?.undo?.();
