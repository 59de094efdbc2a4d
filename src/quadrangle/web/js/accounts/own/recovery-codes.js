import { copyButton } from "../../parts/copy.js";
import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { untilClosed } from "../../parts/overlays/until-closed.js";
import { texts } from "./texts.js";

const words = texts.codes;

function download(text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href, download: words.file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

function button(iconName, label, work) {
  const made = h("button", { type: "button", class: "button" }, icon(iconName), label);
  made.addEventListener("click", work);
  return made;
}

/** Show the codes that nobody can look up again. Escape does not close it by accident. */
export function showRecoveryCodes(codes, email) {
  const text = `${words.head(email)}\n\n${codes.join("\n")}\n`;
  const done = h("button", { type: "button", class: "button primary" }, words.done);
  const dialog = h(
    "dialog",
    { class: "dialog printed", "aria-labelledby": "codes-title", "aria-describedby": "codes-once" },
    h("h2", { id: "codes-title" }, words.title),
    h("p", { id: "codes-once" }, words.text),
    h(
      "ol",
      { class: "codes", role: "list", tabindex: "0", "aria-label": words.list },
      codes.map((code) => h("li", {}, h("code", {}, code))),
    ),
    h(
      "div",
      { class: "row codes-tools" },
      copyButton(words.copy, () => text, words.copied, "button"),
      button("download", words.download, () => download(text)),
      button("printer", words.print, () => print()),
    ),
    h("div", { class: "dialog-foot" }, done),
  );
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  done.addEventListener("click", () => dialog.close());
  return untilClosed(dialog);
}
