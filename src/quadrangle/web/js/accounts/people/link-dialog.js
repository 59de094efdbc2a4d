import { copyButton } from "../../parts/copy.js";
import { h } from "../../base/dom.js";
import { textOfMail } from "../../base/mail-delivery.js";
import { untilClosed } from "../../parts/overlays/until-closed.js";
import { texts as words } from "./texts.js";

// Shows the address of an invitation, which nobody can look up again. Escape does not close it.
export function linkDialog({ name, email }, url) {
  const done = h("button", { type: "button", class: "button primary" }, words.link.done);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "link-title", "aria-describedby": "link-text" },
    h("h2", { id: "link-title" }, words.link.title(name)),
    h("p", { id: "link-text" }, textOfMail(words.link.text(email), words.link.textKept(email))),
    h("p", { class: "secret invitation-url", tabindex: "0" }, h("code", {}, url)),
    h(
      "div",
      { class: "dialog-foot" },
      copyButton(words.link.copy, () => url, words.link.copied, "button"),
      done,
    ),
  );
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  done.addEventListener("click", () => dialog.close());
  return untilClosed(dialog);
}
