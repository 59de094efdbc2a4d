import { api } from "../api.js";
import { h } from "../dom.js";
import { busy, clearErrors, field, showErrors } from "../forms.js";
import { toast } from "../toast.js";
import { settings as words } from "./texts-settings.js";

// One's own password. `isDirty()` tells whether something was typed.
export function passwordForm(account) {
  if (!account.accountId) {
    return {
      element: h("p", { class: "card settings-card" }, words.pinSession),
      isDirty: () => false,
    };
  }
  const current = h("input", { type: "password", autocomplete: "current-password" });
  const next = h("input", { type: "password", autocomplete: "new-password", maxlength: 200 });
  const show = h("input", { type: "checkbox" });
  const save = h("button", { type: "submit", class: "button primary" }, words.change);
  const form = h(
    "form",
    { class: "card settings-card", novalidate: true, "aria-labelledby": "password-title" },
    h("h2", { id: "password-title" }, words.myPassword),
    h("p", { class: "soft small" }, words.signedInAs(account.name, account.email)),
    // Lets password managers know whose password it is.
    h("input", {
      type: "email",
      autocomplete: "username",
      value: account.email,
      hidden: true,
      readonly: true,
    }),
    field(current, { name: "currentPassword", label: words.current }),
    field(next, { name: "newPassword", label: words.next, hint: words.nextHint }),
    h("label", { class: "check" }, show, h("span", {}, words.show)),
    h("div", {}, save),
  );
  show.addEventListener("change", () => {
    for (const input of [current, next]) input.type = show.checked ? "text" : "password";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, async () => {
      try {
        await api.put("/api/accounts/me/password", {
          currentPassword: current.value,
          newPassword: next.value,
        });
        form.reset();
        show.dispatchEvent(new Event("change"));
        clearErrors(form);
        toast(words.changed);
      } catch (error) {
        showErrors(
          form,
          error.errors?.length ? error.errors : [{ field: null, message: error.message }],
          { title: words.mend },
        );
      }
    });
  });
  return { element: form, isDirty: () => Boolean(current.value || next.value) };
}
