import { forgetAccount } from "../../base/account.js";
import { callForm } from "./call-form.js";
import { emptyErrors, passwordInput, secretField } from "./inputs.js";
import { showMessage } from "./message.js";
import { dropToken, linkToken, showPage } from "./page.js";
import { texts } from "./texts.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";

const words = texts.reset;

function showGone() {
  dropToken();
  showMessage({
    title: words.goneTitle,
    iconName: "triangle-alert",
    text: words.gone,
    ways: [
      { href: "/forgot", text: words.ask },
      { href: "/sign-in", text: texts.toSignIn },
    ],
  });
}

function showForm(token) {
  const password = passwordInput("newPassword", "new-password");
  const form = callForm({
    content: secretField(password, {
      name: "newPassword",
      label: texts.newPassword,
      hint: texts.newPasswordHint,
    }),
    button: words.button,
    errors: () => emptyErrors([password], { newPassword: texts.noNewPassword }),
    call: () =>
      api.put(
        "/api/accounts/password-reset",
        { token, newPassword: password.value },
        { anyone: true },
      ),
    done() {
      dropToken();
      forgetAccount();
      showMessage({
        title: words.doneTitle,
        iconName: "circle-check",
        text: words.done,
        ways: [{ href: "/sign-in", text: texts.toSignIn }],
      });
    },
    refused(error) {
      if (error.status !== 410) return false;
      showGone();
      return true;
    },
  });
  showPage(
    words.title,
    h("p", { class: "soft" }, words.lead),
    h("div", { class: "card stack" }, form),
  );
}

function show() {
  const token = linkToken();
  if (token) showForm(token);
  else showGone();
}

addEventListener("hashchange", () => linkToken() && show());
show();
