import { h } from "../../base/dom.js";
import { busy, clearErrors, countDown, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";

/**
 * A form that makes one call. `errors()` gives what can be said before, `call()` makes it, `done`
 * gets its value. A refusal is shown in the form, unless `refused(error)` takes it and returns
 * true; after too many tries the button waits.
 */
export function callForm({ content, button, iconName, errors, call, done, refused }) {
  const submit = h(
    "button",
    { type: "submit", class: "button primary" },
    iconName && icon(iconName),
    button,
  );
  const wait = h("p", { class: "soft small", "aria-live": "off" });
  const form = h(
    "form",
    { class: "stack", novalidate: true, method: "post" },
    content,
    submit,
    wait,
  );

  function refuse(error) {
    if (refused?.(error)) return;
    const told = error.errors?.length ? error.errors : [{ message: error.message }];
    showErrors(form, told);
    if (!error.retryAfter) return;
    submit.disabled = true;
    countDown(wait, error.retryAfter, texts.wait, () => {
      submit.disabled = false;
      clearErrors(form);
      submit.focus();
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = errors?.() ?? [];
    if (found.length) {
      showErrors(form, found);
      return;
    }
    clearErrors(form);
    busy(submit, () => call().then(done).catch(refuse));
  });
  return form;
}
