import { announce, h } from "../../base/dom.js";
import { iconButton } from "../icon-button.js";
import { keepClear } from "./keep-clear.js";
import { texts } from "../texts.js";

const SHOWN_MS = 8_000;
const words = texts.toast;
let current = null;

/** A sentence ends once. */
const sentence = (text) => (/[!?…]$/.test(text) ? text : `${text.replace(/[.\s]+$/, "")}.`);

/**
 * Tell what happened, with a way back for eight seconds; longer while someone points at it. It
 * stands where it covers no button.
 */
export function toast(said, undo = null) {
  current?.close();
  const text = sentence(String(said));
  const box = h(
    "section",
    { class: "toast", "aria-label": words.message },
    h("p", { dir: "auto" }, text),
  );
  let timer = 0;
  let before = null;
  const close = () => {
    clearTimeout(timer);
    letGo();
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
  const letGo = keepClear(box);
  announce(undo ? `${text} ${words.undo}: z` : text);
  current = { box, close, undo: undo && run };
  wait();
}

export const undoLast = () => current?.undo?.();
