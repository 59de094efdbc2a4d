import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.desktop;

/** Show a desktop whole, or as large as it is, to be moved by dragging. */
export function scale(rfb, fits) {
  rfb.scaleViewport = fits;
  rfb.clipViewport = !fits;
  rfb.dragViewport = !fits && matchMedia("(pointer: coarse)").matches;
}

/** A button between both ways. `fits` tells which it is. */
export function scalingButton(onChange) {
  const label = h("span", { class: "desk-label" });
  const sign = h("span", { class: "desk-sign" });
  const button = h("button", { type: "button", class: "button desk-button" }, sign, label);
  const scaling = { element: button, fits: true };

  function show() {
    const text = scaling.fits ? words.actualSize : words.fit;
    sign.replaceChildren(icon(scaling.fits ? "search" : "monitor"));
    label.textContent = text;
    button.setAttribute("aria-label", text);
    button.title = text;
  }

  button.addEventListener("click", () => {
    scaling.fits = !scaling.fits;
    show();
    onChange(scaling.fits);
  });
  show();
  return scaling;
}
