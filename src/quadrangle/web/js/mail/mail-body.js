import { h } from "../base/dom.js";
import { mailFrame } from "./mail-frame.js";
import { texts as words } from "./texts.js";

// Returns what draws the body of a mail, as text or as its reader sees it; the next one is shown
// the way the last one was.
export function mailBody() {
  let asHtml = false;

  function draw(mail) {
    const place = h("div", { class: "mail-body" });
    const show = (html) => {
      asHtml = html;
      for (const [at, button] of buttons.entries())
        button.setAttribute("aria-pressed", String((at === 1) === html));
      place.replaceChildren(
        html ? mailFrame(mail.html) : h("pre", { class: "mail-text", dir: "auto" }, mail.text),
      );
    };
    const buttons = [words.asText, words.asHtml].map((label, at) => {
      const button = h("button", { type: "button", class: "chip" }, label);
      button.addEventListener("click", () => show(at === 1));
      return button;
    });
    buttons[1].hidden = !mail.html;
    show(asHtml && Boolean(mail.html));
    const label = { role: "group", "aria-label": words.views };
    return h("div", {}, h("div", { class: "mail-chips", ...label }, buttons), place);
  }

  return (mail) => {
    if (!mail.to) return h("p", { class: "notice" }, words.erasedHint);
    if (!mail.textKept) return h("p", { class: "notice" }, words.textGone);
    if (mail.text === null) return h("p", { class: "notice" }, words.withheld);
    return draw(mail);
  };
}
