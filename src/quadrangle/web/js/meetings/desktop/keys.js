import { h } from "../../base/dom.js";
import { texts } from "../texts.js";
import { layoutName } from "./layout.js";
import { panelButton } from "./panel-button.js";
import { typingField } from "./typing.js";

const words = texts.desktop.keys;

// X11 keysyms, and the key's place on the keyboard as browsers name it.
const PRESSED = [
  { label: words.escape, keysym: 0xff1b, code: "Escape" },
  { label: words.tab, keysym: 0xff09, code: "Tab" },
];
const HELD = [
  { label: words.control, keysym: 0xffe3, code: "ControlLeft" },
  { label: words.alt, keysym: 0xffe9, code: "AltLeft" },
  { label: words.altGr, keysym: 0xfe03, code: "AltRight" },
  { label: words.superKey, keysym: 0xffeb, code: "MetaLeft" },
];

/**
 * Keys that a browser keeps for itself or a phone does not have. `send(keysym, code, down)` passes
 * one on; `back()` returns the focus to the desktop; `screen` is where the next key is typed.
 */
export function keysPanel({ screen, send, ctrlAltDel, back }) {
  const layout = h("p", { class: "soft small", hidden: true });
  layoutName().then((name) => {
    layout.hidden = !name;
    layout.textContent = name && words.layout(name);
  });

  function key(label, onPress, props) {
    const button = h("button", { type: "button", class: "button desk-key", ...props }, label);
    button.addEventListener("click", onPress);
    return button;
  }

  const pressed = PRESSED.map(({ label, keysym, code }) =>
    key(label, () => {
      send(keysym, code);
      back();
    }),
  );
  const held = HELD.map(({ label, keysym, code }) => {
    const button = key(label, () => hold(button.getAttribute("aria-pressed") !== "true"), {
      "aria-pressed": "false",
      title: words.held(label),
    });
    function hold(down) {
      button.setAttribute("aria-pressed", String(down));
      send(keysym, code, down);
      if (down) back();
    }
    return { button, hold };
  });

  function letGo() {
    for (const { button, hold } of held)
      if (button.getAttribute("aria-pressed") === "true") hold(false);
  }

  // After the key they were held for; noVNC stops the event on its way up.
  screen.addEventListener("keyup", () => setTimeout(letGo), { capture: true });

  const typing = typingField({ send, onTyped: letGo });
  const panel = panelButton({
    iconName: "keyboard",
    label: words.button,
    title: words.title,
    content: [
      h(
        "div",
        { class: "desk-keys" },
        key(words.ctrlAltDel, () => {
          ctrlAltDel();
          back();
        }),
        ...pressed,
        ...held.map(({ button }) => button),
      ),
      typing.element,
      h("p", { class: "soft small" }, words.hint),
      layout,
      h("p", { class: "soft small" }, words.leave),
    ],
  });
  return {
    element: panel.element,
    setEnabled(enabled) {
      if (!enabled) {
        letGo();
        panel.panel.hidePopover();
      }
      panel.button.disabled = !enabled;
    },
  };
}
