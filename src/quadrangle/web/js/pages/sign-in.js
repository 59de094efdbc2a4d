import { currentAccount, rememberAccount } from "../account.js";
import { api } from "../api.js";
import { append, clear, h } from "../dom.js";
import { busy, clearErrors, countDown, field, showErrors } from "../forms.js";
import { icon } from "../icons.js";
import { nextAddress } from "../next-address.js";
import { tabs } from "../tabs.js";
import { texts } from "../texts.js";

const words = texts.signIn;
const address = new URLSearchParams(location.search);
const next = nextAddress(address.get("next"), "/desk");

function revealable(input) {
  const toggle = h(
    "button",
    { type: "button", class: "reveal", "aria-pressed": "false", "aria-label": words.show },
    icon("eye"),
  );
  toggle.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(shown));
  });
  return toggle;
}

function secretField(input, options) {
  const box = field(input, options);
  box.append(h("div", { class: "secret" }, input, revealable(input)));
  return box;
}

async function signedIn(answer) {
  rememberAccount(answer.account ?? (await api.get("/api/accounts/me")));
  location.replace(next);
}

/** A form that signs in: `path` takes the values of `fields`, each by its input's name. */
function signInForm({ path, inputs, fields, missing }) {
  const submit = h(
    "button",
    { type: "submit", class: "button primary" },
    icon("log-in"),
    words.button,
  );
  const wait = h("p", { class: "soft small", "aria-live": "off" });
  const form = h(
    "form",
    { class: "stack", novalidate: true, method: "post" },
    fields,
    submit,
    wait,
  );

  function refuse(error) {
    showErrors(form, error.errors?.length ? error.errors : [{ message: error.message }], {
      title: error.status === 429 ? words.locked : words.refused,
    });
    if (!error.retryAfter) return;
    submit.disabled = true;
    countDown(wait, error.retryAfter, words.wait, () => {
      submit.disabled = false;
      clearErrors(form);
      inputs.at(-1).focus();
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const empty = inputs.filter((input) => !input.value.trim());
    if (empty.length) {
      const errors = empty.map((input) => ({ field: input.name, message: missing[input.name] }));
      showErrors(form, errors);
      return;
    }
    clearErrors(form);
    const body = Object.fromEntries(
      inputs.map((input) => [
        input.name,
        input.type === "email" ? input.value.trim() : input.value,
      ]),
    );
    busy(submit, () => api.post(path, body).then(signedIn).catch(refuse));
  });
  return form;
}

function passwordForm() {
  const email = h("input", {
    id: "email",
    type: "email",
    autocomplete: "username",
    inputmode: "email",
  });
  const password = h("input", {
    id: "password",
    type: "password",
    autocomplete: "current-password",
  });
  email.name = "email";
  password.name = "password";
  return signInForm({
    path: "/api/accounts/sign-in",
    inputs: [email, password],
    fields: [
      field(email, { name: "email", label: words.email }),
      secretField(password, { name: "password", label: words.password }),
    ],
    missing: { email: words.noEmail, password: words.noPassword },
  });
}

function pinForm() {
  const pin = h("input", { id: "pin", type: "password", autocomplete: "off" });
  pin.name = "pin";
  return signInForm({
    path: "/api/accounts/pin",
    inputs: [pin],
    fields: [secretField(pin, { name: "pin", label: words.pin, hint: words.pinHint })],
    missing: { pin: words.noPin },
  });
}

const panels = { account: h("div", {}, passwordForm()), pin: h("div", {}, pinForm()) };
const { bar } = tabs({
  label: words.ways,
  chosen: address.get("with"),
  items: [
    { name: "account", label: words.withAccount, panel: panels.account },
    { name: "pin", label: words.withPin, panel: panels.pin },
  ],
  onChange(name) {
    const query = new URLSearchParams(location.search);
    query.set("with", name);
    history.replaceState(null, "", `?${query}`);
  },
});
const already = h("div", {});

append(
  clear(document.querySelector("main")),
  h(
    "div",
    { class: "sign-in" },
    h("h1", {}, words.title),
    h("p", { class: "soft" }, words.lead, " ", h("a", { href: "/report" }, words.noAccount)),
    already,
    h("div", { class: "card stack loose" }, bar, panels.account, panels.pin),
  ),
);

currentAccount().then((account) => {
  if (!account) return;
  append(
    already,
    h(
      "div",
      { class: "notice" },
      icon("circle-user-round"),
      h("p", {}, words.already(account.name || account.email)),
      h("a", { class: "button", href: next }, words.goOn, icon("arrow-right")),
    ),
  );
});
