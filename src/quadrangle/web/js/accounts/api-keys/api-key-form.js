import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { texts as words } from "./texts.js";

function scopeChoice() {
  const boxes = Object.entries(words.scopeNames).map(([scope, label]) => {
    const input = h("input", { type: "checkbox", value: scope });
    return { input, element: h("label", { class: "check" }, input, h("span", {}, label)) };
  });
  const error = h("p", { class: "error", id: "scopes-error", hidden: true });
  const element = h(
    "fieldset",
    { class: "field api-key-scopes", dataset: { field: "scopes" } },
    h("legend", {}, words.scopes),
    error,
    boxes.map((box) => box.element),
  );
  const chosen = () => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
  return { element, chosen };
}

// The end of a day where the reader is.
function endOf(day) {
  return day ? new Date(`${day}T23:59:59`).toISOString() : null;
}

// Asks what a new key may do. Resolves to {apiKey, key}, null when nothing was made.
export function apiKeyForm() {
  const name = h("input", { type: "text", autocomplete: "off", maxlength: 60 });
  const scopes = scopeChoice();
  const plan = h(
    "select",
    {},
    Object.entries(words.plans).map(([value, label]) => h("option", { value }, label)),
  );
  const expires = h("input", { type: "date" });
  return formDialog(
    {
      title: words.makeTitle,
      submit: words.makeButton,
      cancel: words.cancel,
      save: () =>
        api.post("/api/accounts/api-keys", {
          name: name.value,
          scopes: scopes.chosen(),
          plan: plan.value,
          expiresAt: endOf(expires.value),
        }),
    },
    field(name, { name: "name", label: words.name, hint: words.nameHint }),
    scopes.element,
    field(plan, { name: "plan", label: words.plan }),
    field(expires, {
      name: "expiresAt",
      label: words.expires,
      hint: words.expiresHint,
      optional: true,
    }),
  );
}
