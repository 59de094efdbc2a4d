import { api } from "../../base/api.js";
import { field } from "../../parts/forms/forms.js";
import { callForm } from "./call-form.js";
import { emailInput, emptyErrors, passwordInput, secretField } from "./inputs.js";
import { texts } from "./texts.js";

const words = texts.signIn;
const anyone = { anyone: true };

/** `done` gets the answer; `askCode(step)` is told where a code is wanted as well. */
export function passwordForm({ done, askCode }) {
  const email = emailInput({ autocomplete: "username webauthn" });
  const password = passwordInput("password", "current-password");
  const typed = () => ({ email: email.value.trim(), password: password.value });
  const signIn = (body) => api.post("/api/accounts/sign-in", body, anyone);
  return callForm({
    content: [
      field(email, { name: "email", label: texts.email }),
      secretField(password, { name: "password", label: texts.password }),
    ],
    button: words.button,
    iconName: "log-in",
    errors: () =>
      emptyErrors([email, password], { email: texts.noEmail, password: texts.noPassword }),
    call: () => signIn(typed()),
    done,
    refused(error) {
      if (!error.codeRequired) return false;
      const body = typed();
      const { message, recoveryOnly } = error;
      const call = (code) => signIn({ ...body, code });
      askCode({ email: body.email, message, recoveryOnly, call });
      return true;
    },
  });
}

export function pinForm({ done }) {
  const pin = passwordInput("pin", "off");
  return callForm({
    content: secretField(pin, { name: "pin", label: words.pin, hint: words.pinHint }),
    button: words.button,
    iconName: "log-in",
    errors: () => emptyErrors([pin], { pin: words.noPin }),
    call: () => api.post("/api/accounts/pin", { pin: pin.value }, anyone),
    done,
  });
}
