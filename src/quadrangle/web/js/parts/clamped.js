import { append, clear, h } from "../base/dom.js";
import { icon } from "./icons.js";
import { linkedText } from "./linked.js";
import { texts } from "./texts.js";

let made = 0;

/**
 * A text that somebody typed, with its links. One that is long shows its beginning until it is
 * asked for whole; how many lines those are is the stylesheet's `--lines`.
 */
export function longText(className) {
  const id = `long-text-${(made += 1)}`;
  const body = h("p", { id, class: `${className} clamped`, dir: "auto" });
  const label = h("span");
  const button = h(
    "button",
    {
      type: "button",
      class: "button quiet show-all",
      "aria-controls": id,
      hidden: true,
    },
    icon("chevron-down"),
    label,
  );
  let shown = null;

  function open(whole) {
    body.classList.toggle("clamped", !whole);
    button.setAttribute("aria-expanded", String(whole));
    label.textContent = whole ? texts.longText.less : texts.longText.all;
  }

  button.addEventListener("click", () => {
    const whole = button.getAttribute("aria-expanded") === "true";
    open(!whole);
    if (whole) body.scrollIntoView({ block: "nearest" });
  });
  // A link that is cut off is reached by the tab key, too.
  body.addEventListener("focusin", () => !button.hidden && open(true));
  // What is cut off is known once it is laid out, and anew with another width.
  new ResizeObserver(() => {
    if (!body.classList.contains("clamped")) return;
    button.hidden = body.scrollHeight <= body.clientHeight + 1;
  }).observe(body);
  open(false);

  return {
    element: h("div", { class: "long-text" }, body, button),
    show(text) {
      if (text === shown) return;
      shown = text;
      append(clear(body), linkedText(text));
    },
  };
}
