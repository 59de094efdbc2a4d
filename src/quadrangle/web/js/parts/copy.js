import { h } from "../base/dom.js";
import { icon } from "./icons.js";
import { texts } from "./texts.js";
import { toast } from "./overlays/toast.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the page is not served over https, or the browser was told not to
  }
}

// A button that copies `text()`. Where that is not allowed the text is shown to be copied by hand.
export function copyButton(label, text, copied, className = "button quiet") {
  const name = h("span", {}, label);
  const button = h("button", { type: "button", class: className }, icon("copy"), name);
  button.addEventListener("click", async () => {
    if (await copy(text())) toast(copied);
    else showByHand(button, text());
  });
  return button;
}

function showByHand(button, text) {
  const input = h("input", {
    class: "input copy-by-hand",
    readonly: true,
    value: text,
    "aria-label": texts.copyByHand,
  });
  button.after(input);
  input.select();
  input.addEventListener("blur", () => {
    input.remove();
    button.focus();
  });
}
