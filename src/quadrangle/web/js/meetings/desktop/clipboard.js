import { copyButton } from "../../parts/copy.js";
import { announce, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";
import { panelButton } from "./panel-button.js";

const words = texts.desktop.clipboard;

/**
 * What was copied on the desktop, and what is to be pasted there: `onSend(text)`. `show(text)` is
 * for texts that came from the desktop.
 */
export function clipboardPanel(onSend) {
  const field = h("textarea", { id: "desk-clipboard", rows: 4, dir: "auto", spellcheck: "false" });
  const send = h(
    "button",
    { type: "button", class: "button primary" },
    icon("arrow-up"),
    words.send,
  );
  send.addEventListener("click", () => {
    onSend(field.value);
    announce(words.sent);
    panel.panel.hidePopover();
  });
  const panel = panelButton({
    iconName: "clipboard",
    label: words.button,
    title: words.title,
    content: [
      h("p", { class: "soft small" }, words.hint),
      h("div", { class: "field" }, h("label", { for: field.id }, words.label), field),
      h("div", { class: "row" }, send, copyButton(words.copy, () => field.value, words.copied)),
    ],
    onOpen: () => field.focus(),
  });
  return {
    element: panel.element,
    show(text) {
      field.value = text;
    },
    setEnabled(enabled) {
      panel.button.disabled = !enabled;
      panel.button.title = enabled ? words.button : words.withheld;
      if (!enabled) {
        field.value = "";
        panel.panel.hidePopover();
      }
    },
  };
}
