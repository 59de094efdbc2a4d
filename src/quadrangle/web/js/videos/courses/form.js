import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms.js";
import { formDialog } from "../../parts/form-dialog.js";
import { coursePath } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.form;
const ALL = ["members", "campus", "public"];

function opennessField(chosen) {
  const select = h(
    "select",
    {},
    ALL.map((one) => h("option", { value: one, selected: one === chosen }, texts.openness[one])),
  );
  const element = field(select, {
    name: "openness",
    label: texts.whoSees,
    hint: texts.opennessHint[chosen],
  });
  select.addEventListener("change", () => {
    element.querySelector(".hint").textContent = texts.opennessHint[select.value];
  });
  return { element, select };
}

/** Make a course, or edit one. Resolves to it as it is then, or null. */
export function courseDialog(course = null) {
  const title = h("input", { type: "text", maxlength: 200, value: course?.title ?? "", dir: "auto" });
  const description = h("textarea", { maxlength: 5000, value: course?.description ?? "", dir: "auto" });
  const sees = opennessField(course?.openness ?? "members");
  const body = () => ({
    title: title.value,
    description: description.value,
    openness: sees.select.value,
  });
  return formDialog(
    {
      title: course ? words.edit : words.make,
      submit: course ? words.save : words.submitNew,
      cancel: words.cancel,
      save: () =>
        course ? api.put(coursePath(course.id), body()) : api.post("/api/courses", body()),
    },
    field(title, { name: "title", label: words.name }),
    field(description, { name: "description", label: words.description, optional: true }),
    sees.element,
  );
}
