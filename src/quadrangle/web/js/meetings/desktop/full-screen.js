import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.desktop;

/** A button that has `element` fill the screen and give it back; null where none is offered. */
export function fullScreenButton(element) {
  if (!element.requestFullscreen) return null;
  const label = h("span", { class: "desk-label" });
  const sign = h("span", { class: "desk-sign" });
  const button = h("button", { type: "button", class: "button desk-button" }, sign, label);

  function show() {
    const on = document.fullscreenElement === element;
    const text = on ? words.leaveFullScreen : words.fullScreen;
    sign.replaceChildren(icon(on ? "minimize" : "maximize"));
    label.textContent = text;
    button.setAttribute("aria-label", text);
    button.title = text;
  }

  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else element.requestFullscreen().catch(() => {});
  });
  document.addEventListener("fullscreenchange", show);
  show();
  return button;
}
