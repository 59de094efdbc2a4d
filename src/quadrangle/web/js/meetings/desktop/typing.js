import { h } from "../../base/dom.js";
import { texts } from "../texts.js";

const words = texts.desktop.keys;
const KEYS = {
  insertLineBreak: { keysym: 0xff0d, code: "Enter" },
  insertParagraph: { keysym: 0xff0d, code: "Enter" },
  deleteContentBackward: { keysym: 0xff08, code: "Backspace" },
};

/** The X11 keysym of a character. */
function keysymOf(sign) {
  const point = sign.codePointAt(0);
  return point < 0x100 ? point : 0x01000000 | point;
}

/**
 * A field for keyboards that only appear where something can be typed: what is typed goes to the
 * desktop and does not stay in the field.
 */
export function typingField({ send, onTyped }) {
  const field = h("input", {
    id: "desk-typing",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "enter",
  });

  function typeText(text) {
    for (const sign of text) {
      if (sign === "\n") send(KEYS.insertLineBreak.keysym, KEYS.insertLineBreak.code);
      else send(keysymOf(sign), null);
    }
  }

  field.addEventListener("beforeinput", (event) => {
    const key = KEYS[event.inputType];
    if (event.isComposing) return;
    event.preventDefault();
    if (key) send(key.keysym, key.code);
    else if (event.data) typeText(event.data);
    onTyped();
  });
  field.addEventListener("compositionend", () => {
    typeText(field.value);
    field.value = "";
    onTyped();
  });
  return {
    element: h(
      "div",
      { class: "field" },
      h("label", { for: field.id }, words.typing),
      h("span", { class: "hint" }, words.typingHint),
      field,
    ),
  };
}
