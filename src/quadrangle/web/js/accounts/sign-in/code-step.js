import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { callForm } from "./call-form.js";
import { showPage } from "./page.js";
import { emptyErrors } from "./inputs.js";
import { texts } from "./texts.js";

const words = texts.code;

function codeInput(recovery) {
  return h("input", {
    id: "code",
    name: "code",
    type: "text",
    class: "code-input",
    autocomplete: recovery ? "off" : "one-time-code",
    inputmode: recovery ? "text" : "numeric",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: 40,
  });
}

/**
 * The second step of signing in. `message` is what the server asks for, `call(code)` tries a code,
 * `done` gets the answer, `back` starts again from the password. With `recoveryOnly` there is no app
 * that would show one.
 */
export function showCodeStep({ recovery, ...step }) {
  const { email, message, recoveryOnly, call, done, back } = step;
  recovery ??= recoveryOnly;
  const input = codeInput(recovery);
  const form = callForm({
    content: field(input, {
      name: "code",
      label: recovery ? words.recovery : words.label,
      hint: recovery && !recoveryOnly ? words.recoveryHint : message,
    }),
    button: texts.signIn.button,
    iconName: "log-in",
    errors: () => emptyErrors([input], { code: recovery ? words.noRecovery : words.none }),
    call: () => call(input.value.trim()),
    done,
    refused(error) {
      if (error.codeRequired) error.errors = [{ field: "code", message: error.message }];
      input.select();
      return false;
    },
  });
  const other = h(
    "button",
    { type: "button", class: "button quiet" },
    recovery ? words.useApp : words.useRecovery,
  );
  other.addEventListener("click", () => showCodeStep({ ...step, recovery: !recovery }));
  const again = h("button", { type: "button", class: "button quiet" }, words.back);
  again.addEventListener("click", back);
  showPage(
    words.title,
    h("p", { class: "soft" }, words.signingInAs(email)),
    h("div", { class: "card stack" }, form),
    h("div", { class: "narrow-links" }, recoveryOnly ? "" : other, again),
  );
  input.focus();
}
