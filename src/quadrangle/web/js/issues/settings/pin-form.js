import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { secretDialog } from "../../parts/overlays/secret-dialog.js";
import { texts as words } from "./texts.js";

// The PIN that everyone without an account shares.
export function pinForm() {
  const button = h("button", { type: "button", class: "button" }, icon("key-round"), words.setPin);
  button.addEventListener("click", async () => {
    const input = h("input", {
      type: "text",
      autocomplete: "off",
      maxlength: 32,
      spellcheck: "false",
    });
    const made = await formDialog(
      {
        title: words.pinTitle,
        submit: words.setPin,
        cancel: words.cancel,
        danger: true,
        save: () => api.put("/api/accounts/pin", input.value ? { pin: input.value } : {}),
      },
      h("p", {}, words.pinWarning),
      field(input, {
        name: "pin",
        label: words.pinLabel,
        hint: words.pinFieldHint,
        optional: true,
      }),
    );
    if (made) await secretDialog(words.newPin, made.pin);
  });
  const hint = h("p", { class: "soft small" }, words.pinHint);
  api.get("/api/accounts/options").then(
    ({ pin }) => {
      button.hidden = !pin;
      if (!pin) hint.textContent = words.pinOff;
    },
    () => {}, // setting a PIN that opens nothing does no harm
  );
  return h(
    "section",
    { class: "card settings-card", "aria-labelledby": "pin-title" },
    h("h2", { id: "pin-title" }, words.pin),
    hint,
    h("div", {}, button),
  );
}
