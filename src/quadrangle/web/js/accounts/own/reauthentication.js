import { signInAddress } from "../../base/account.js";
import { h } from "../../base/dom.js";
import { passwordInput, secretField } from "../sign-in/inputs.js";
import { texts } from "./texts.js";

/**
 * What asks for the password once more before an act that matters. `value()` is what the API wants:
 * empty where the account has none and must have signed in a moment ago.
 */
export function reauthentication(me) {
  if (!me.hasPassword) {
    return {
      element: h(
        "p",
        { class: "soft small" },
        texts.noPassword,
        " ",
        h("a", { href: signInAddress() }, texts.signInAgain),
      ),
      value: () => "",
    };
  }
  const input = passwordInput("password", "current-password");
  const element = secretField(input, {
    name: "password",
    label: texts.yourPassword,
    hint: texts.yourPasswordHint,
  });
  return { element, value: () => input.value };
}

/** Lets password managers know whose password it is. */
export function whose(me) {
  return h("input", {
    type: "email",
    autocomplete: "username",
    value: me.email,
    hidden: true,
    readonly: true,
  });
}
