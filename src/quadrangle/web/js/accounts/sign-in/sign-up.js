import { callForm } from "./call-form.js";
import { emailInput, inputErrors, passwordInput, secretField } from "./inputs.js";
import { showMailSent } from "./mail-sent.js";
import { showMessage } from "./message.js";
import { accountOptions } from "./options.js";
import { showPage } from "./page.js";
import { texts } from "./texts.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";

const words = texts.signUp;
const toSignIn = { href: "/sign-in", text: texts.toSignIn };
let typedName = "";

function form(options) {
  const name = h("input", { name: "name", type: "text", autocomplete: "name", maxlength: 100 });
  name.value = typedName;
  name.addEventListener("input", () => {
    typedName = name.value;
  });
  const email = emailInput();
  const password = passwordInput("password", "new-password");
  const missing = { name: texts.noName, email: texts.noEmail, password: texts.noNewPassword };
  const hint = options.signUp === "domains" ? words.domains(options.domains) : undefined;
  return callForm({
    content: [
      field(name, { name: "name", label: texts.name, hint: texts.nameHint }),
      field(email, { name: "email", label: texts.email, hint }),
      secretField(password, {
        name: "password",
        label: texts.password,
        hint: texts.newPasswordHint,
      }),
    ],
    button: words.button,
    errors: () => inputErrors([name, email, password], missing),
    call: () =>
      api.post(
        "/api/accounts/sign-up",
        { name: name.value.trim(), email: email.value.trim(), password: password.value },
        { anyone: true },
      ),
    done: () =>
      showMailSent({
        title: words.sentTitle,
        email: email.value.trim(),
        path: "/api/accounts/confirmation",
        other: () => show(options),
        byHand: h("p", {}, texts.noMail.askConfirm),
      }),
  });
}

function show(options) {
  if (options.signUp === "invitation") {
    showMessage({ title: words.invitation, text: words.invitationText, ways: [toSignIn] });
  } else if (options.signUp === "closed") {
    showMessage({ title: words.closed, text: words.closedText, ways: [toSignIn] });
  } else {
    showPage(
      words.title,
      h("p", { class: "soft" }, words.lead),
      h("div", { class: "card stack" }, form(options)),
      h(
        "p",
        { class: "narrow-links" },
        h("span", {}, words.haveOne, " ", h("a", { href: "/sign-in" }, texts.signIn.title)),
      ),
    );
  }
}

accountOptions().then(show, (error) =>
  showMessage({
    title: words.title,
    iconName: "triangle-alert",
    text: error.message,
    ways: [{ href: "/sign-up", text: texts.tryAgain }],
  }),
);
