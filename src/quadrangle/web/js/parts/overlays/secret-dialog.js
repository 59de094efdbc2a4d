import { copyButton } from "../copy.js";
import { h } from "../../base/dom.js";
import { texts } from "../texts.js";
import { untilClosed } from "./until-closed.js";

const words = texts.secret;

// Shows a password or PIN that nobody can look up again, and what else is given. Escape does not
// close it by accident.
export function secretDialog(title, secret, ...more) {
  const done = h("button", { type: "button", class: "button primary" }, words.done);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "secret-title", "aria-describedby": "secret-once" },
    h("h2", { id: "secret-title" }, title),
    h("p", { id: "secret-once" }, words.once),
    h("p", { class: "secret", tabindex: "0" }, h("code", {}, secret)),
    more,
    h(
      "div",
      { class: "dialog-foot" },
      copyButton(words.copy, () => secret, words.copied, "button"),
      done,
    ),
  );
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  done.addEventListener("click", () => dialog.close());
  return untilClosed(dialog);
}
