import { api } from "../../base/api.js";
import { field } from "../../parts/forms/forms.js";
import { callForm } from "./call-form.js";
import { emailInput, inputErrors } from "./inputs.js";
import { texts } from "./texts.js";

/** Asks for an address and has `path` send a mail there; `done` gets the address. */
export function emailForm({ path, button, done }) {
  const email = emailInput();
  return callForm({
    content: field(email, { name: "email", label: texts.email }),
    button,
    iconName: "mail",
    errors: () => inputErrors([email], { email: texts.noEmail }),
    call: () => api.post(path, { email: email.value.trim() }, { anyone: true }),
    done: () => done(email.value.trim()),
  });
}
