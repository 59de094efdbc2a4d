import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { texts as words } from "./texts.js";

/** Give an account another address by a form; returns the API's answer, or null. */
export function correctAddress({ accountId, email, status }) {
  const input = h("input", { type: "email", autocomplete: "off", maxlength: 254, value: email });
  return formDialog(
    {
      title: words.correctAddress,
      submit: words.correctButton,
      cancel: words.cancel,
      save: () => api.put(`/api/accounts/people/${accountId}/email`, { email: input.value }),
    },
    field(input, { name: "email", label: words.email, hint: words.correctHints[status] }),
  );
}
