import { append, h } from "../../base/dom.js";
import { busy, showErrors } from "../forms/forms.js";
import { untilClosed } from "./until-closed.js";

// A form over the page. `save()` is tried on submit: its errors are shown in the form, its value is
// what the promise gives. Null when the dialog was closed instead.
export function formDialog({ title, submit, cancel, save, danger = false }, ...content) {
  const go = h(
    "button",
    { type: "submit", class: `button primary${danger ? " danger" : ""}` },
    submit,
  );
  const stay = h("button", { type: "button", class: "button" }, cancel);
  const form = append(
    h("form", { novalidate: true, class: "dialog-form" }),
    ...content,
    h("div", { class: "dialog-foot" }, stay, go),
  );
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "form-title" },
    h("h2", { id: "form-title" }, title),
    form,
  );
  let result = null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, async () => {
      try {
        result = await save();
        dialog.close();
      } catch (error) {
        showErrors(
          form,
          error.errors?.length ? error.errors : [{ field: null, message: error.message }],
        );
      }
    });
  });
  stay.addEventListener("click", () => dialog.close());
  return untilClosed(dialog, () => result);
}
