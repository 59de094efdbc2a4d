import { h } from "../../base/dom.js";
import { field, showErrors } from "../../parts/forms.js";
import { texts } from "./texts.js";

const words = texts.find;
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** The id in what someone pasted, be it the id, a link or a line of mail; null when there is none. */
export function findId(text) {
  return text.match(ID)?.[0].toLowerCase() ?? null;
}

export function trackAddress(issueId) {
  return `/track?${new URLSearchParams({ id: issueId })}`;
}

/** A box to open a report by its id; `primary` where that is what the page is for. */
export function findForm({ primary = false } = {}) {
  const input = h("input", {
    id: "track-id",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 2000,
  });
  const form = h(
    "form",
    { class: "find-form stack", novalidate: true, action: "/track" },
    field(input, { name: "id", label: words.label, hint: words.hint }),
    h(
      "div",
      {},
      h("button", { class: primary ? "button primary" : "button", type: "submit" }, words.button),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = findId(input.value);
    if (id) location.assign(trackAddress(id));
    else
      showErrors(form, [{ field: "id", message: input.value.trim() ? words.wrong : words.none }]);
  });
  return form;
}
