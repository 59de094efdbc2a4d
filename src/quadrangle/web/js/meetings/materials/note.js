import { h } from "../../base/dom.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.note;

/** The teacher writes the note and shares it. */
function written(note, names, calls) {
  const text = h("textarea", { rows: 4, maxlength: 5000, value: note?.text ?? "", dir: "auto" });
  const share = h("input", { type: "checkbox" });
  share.checked = note?.shared ?? false;
  const save = h("button", { type: "submit", class: "button" }, words.save);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    field(text, { name: "text", label: words.label, hint: words.hint }),
    h("label", { class: "check" }, share, h("span", { dir: "auto" }, words.share(names.student))),
    h("div", { class: "row" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, async () => {
      clearErrors(form);
      try {
        await calls.writeNote(text.value, share.checked);
        toast(words.saved);
      } catch (error) {
        showErrors(form, error.errors?.length ? error.errors : [{ message: error.message }]);
      }
    });
  });
  return form;
}

/** The note on a meeting: for the teacher to write, for the student to read; else null. */
export function notePart({ note, mayNote }, names, calls) {
  if (mayNote) return part(words.title, written(note, names, calls));
  if (!note) return null;
  return part(
    words.title,
    h("p", { class: "soft small" }, words.from(names.teacher)),
    h("p", { class: "note-text", dir: "auto" }, note.text),
  );
}
