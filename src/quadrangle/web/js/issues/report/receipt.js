import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { numberOf } from "../numbers.js";
import { texts } from "./texts.js";
import { uploads } from "../photos/uploads.js";
import { trackAddress } from "../track/find-form.js";

const words = texts.receipt;

function copyButton(text) {
  const label = h("span", {}, words.copy);
  const button = h("button", { type: "button", class: "button" }, icon("copy"), label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      label.textContent = words.copied;
      announce(words.copied);
      setTimeout(() => (label.textContent = words.copy), 3000);
    } catch {
      // Without permission or outside https there is no clipboard: select it for the reader.
      getSelection().selectAllChildren(document.querySelector("#receipt-id"));
      announce(words.selected);
    }
  });
  return button;
}

/** What the reporter takes away; pictures are sent from here, as the report itself is safe. */
export function receipt(issueId, { photos = [], mailed = false, owned = false } = {}) {
  const sending = uploads(issueId);
  const element = h(
    "div",
    { class: "column receipt stack loose" },
    h(
      "header",
      { class: "receipt-head" },
      h("span", { class: "receipt-sign" }, icon("check")),
      h("h1", { id: "receipt-title", tabindex: "-1" }, words.title),
      h("p", {}, mailed ? words.mailed : owned ? words.owned : words.keep),
    ),
    h(
      "div",
      { class: "card receipt-slip" },
      h("p", { class: "soft small", id: "receipt-label" }, words.idLabel),
      h(
        "p",
        { class: "receipt-id", id: "receipt-id", "aria-labelledby": "receipt-label" },
        h("code", {}, issueId),
      ),
      h("p", { class: "soft small" }, words.number(numberOf(issueId))),
      h("p", { class: "soft small" }, words.secret),
      h("div", { class: "row" }, copyButton(issueId)),
    ),
    photos.length > 0 &&
      h(
        "section",
        { "aria-labelledby": "receipt-photos" },
        h("h2", { id: "receipt-photos" }, words.photos),
        sending.element,
      ),
    h(
      "div",
      { class: "row receipt-actions" },
      h(
        "a",
        { class: "button primary", href: trackAddress(issueId) },
        words.track,
        icon("arrow-right"),
      ),
      h("a", { class: "button", href: "/report" }, icon("plus"), words.another),
    ),
  );
  return {
    element,
    show(main) {
      append(clear(main), element);
      scrollTo(0, 0);
      element.querySelector("h1").focus({ preventScroll: true });
      sending.send(photos);
    },
  };
}
