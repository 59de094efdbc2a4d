import { isStaff, signedIn } from "../../base/account.js";
import { callForm } from "./call-form.js";
import { inputErrors, passwordInput, secretField } from "./inputs.js";
import { showMessage } from "./message.js";
import { dropToken, linkToken, showPage } from "./page.js";
import { texts } from "./texts.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";

const words = texts.invitation;
const anyone = { anyone: true };
const toSignIn = { href: "/sign-in", text: texts.toSignIn };

function showGone(why) {
  dropToken();
  showMessage({
    title: words.goneTitle,
    iconName: "triangle-alert",
    text: why,
    ways: [toSignIn],
  });
}

async function finish(answer) {
  dropToken();
  const account = await signedIn(answer);
  if (account.needsSecondFactor) location.replace("/account#two-factor");
  else location.replace(isStaff(account) ? "/desk" : "/");
}

function showForm(token, invited) {
  const email = h("input", {
    name: "email",
    type: "email",
    autocomplete: "username",
    readonly: true,
    value: invited.email,
  });
  const name = h("input", { name: "name", type: "text", autocomplete: "name", maxlength: 100 });
  name.value = invited.name;
  const password = passwordInput("password", "new-password");
  const missing = { name: texts.noName, password: texts.noNewPassword };
  const form = callForm({
    content: [
      field(email, { name: "email", label: texts.email }),
      field(name, { name: "name", label: texts.name, hint: texts.nameHint }),
      secretField(password, {
        name: "password",
        label: texts.password,
        hint: texts.newPasswordHint,
      }),
    ],
    button: words.button,
    iconName: "log-in",
    errors: () => inputErrors([name, password], missing),
    call: () =>
      api.post(
        "/api/accounts/invitation",
        { token, name: name.value.trim(), password: password.value },
        anyone,
      ),
    done: finish,
    refused(error) {
      if (error.status !== 410) return false;
      showGone(error.message);
      return true;
    },
  });
  showPage(
    words.title,
    h("p", { class: "soft" }, words.lead(invited.role)),
    h("div", { class: "card stack" }, form),
  );
}

async function show() {
  const token = linkToken();
  if (!token) {
    showMessage({ title: words.title, text: words.noToken, ways: [toSignIn] });
    return;
  }
  try {
    showForm(token, await api.post("/api/accounts/invitation/look", { token }, anyone));
  } catch (error) {
    if (error.status === 410) showGone(error.message);
    else if (error.status === 400) showGone(words.gone);
    else showMessage({ title: words.title, iconName: "triangle-alert", text: error.message });
  }
}

addEventListener("hashchange", () => linkToken() && show());
show();
