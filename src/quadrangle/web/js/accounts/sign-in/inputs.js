import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";

const TYPED = "quadrangle.email";

/** The address typed on another page of this visit: what leads from one to the next keeps it. */
function typedEmail() {
  try {
    return sessionStorage.getItem(TYPED) ?? "";
  } catch {
    return ""; // storage is blocked
  }
}

function keepTyped(email) {
  try {
    sessionStorage.setItem(TYPED, email);
  } catch {
    // it has to be typed again
  }
}

export function emailInput({ autocomplete = "username" } = {}) {
  const input = h("input", {
    id: "email",
    type: "email",
    name: "email",
    autocomplete,
    inputmode: "email",
    spellcheck: "false",
    maxlength: 254,
    value: typedEmail(),
  });
  input.addEventListener("input", () => keepTyped(input.value.trim()));
  return input;
}

export function passwordInput(name, autocomplete) {
  return h("input", { id: name, name, type: "password", autocomplete, maxlength: 200 });
}

/** A field whose input hides what is typed, with a button that shows it. */
export function secretField(input, options) {
  const toggle = h(
    "button",
    { type: "button", class: "reveal", "aria-pressed": "false", "aria-label": texts.show },
    icon("eye"),
  );
  toggle.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(shown));
  });
  const box = field(input, options);
  box.append(h("div", { class: "secret-field" }, input, toggle));
  return box;
}

/** Errors `[{field, message}]` of inputs left empty; `missing` has the sentence for each name. */
export function emptyErrors(inputs, missing) {
  return inputs
    .filter((input) => !input.value.trim())
    .map(({ name }) => ({ field: name, message: missing[name] }));
}

/** As `emptyErrors`, and an address must look like one. */
export function inputErrors(inputs, missing) {
  const wrong = inputs.filter(
    (input) => input.type === "email" && input.value.trim() && !/^\S+@\S+$/.test(input.value.trim()),
  );
  return [
    ...emptyErrors(inputs, missing),
    ...wrong.map(({ name }) => ({ field: name, message: texts.wrongEmail })),
  ];
}
