import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { joinValues } from "../../parts/forms/merging.js";
import { coursePath } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.form;
const ALL = ["members", "campus", "public"];
const FIELDS = ["title", "description", "openness"];

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
  const tell = () => {
    element.querySelector(".hint").textContent = texts.opennessHint[select.value];
  };
  select.addEventListener("change", tell);
  return { element, select, tell };
}

const said = (name, value) => (name === "openness" ? texts.openness[value] : value || words.nothing);

/** Make a course, or edit one. Resolves to it as it is then, or null. */
export function courseDialog(course = null) {
  const title = h("input", { type: "text", maxlength: 200, value: course?.title ?? "", dir: "auto" });
  const description = h("textarea", { maxlength: 5000, value: course?.description ?? "", dir: "auto" });
  const sees = opennessField(course?.openness ?? "members");
  const inputs = { title, description, openness: sees.select };
  const body = () => Object.fromEntries(FIELDS.map((name) => [name, inputs[name].value]));
  let base = course;

  /** Take over what others changed; what both did is told, and saved with the next click. */
  function join(theirs) {
    const { values, clashes } = joinValues(base, body(), theirs);
    for (const name of FIELDS) inputs[name].value = values[name];
    sees.tell();
    base = theirs;
    return Object.entries(clashes).map(([name, value]) => ({
      field: name,
      message: words.clash(said(name, value)),
    }));
  }

  async function change() {
    try {
      return await api.put(coursePath(course.id), { ...body(), version: base.version });
    } catch (error) {
      if (error.status !== 409) throw error;
      const errors = join(await api.get(coursePath(course.id)));
      if (errors.length) throw Object.assign(error, { errors });
      return change();
    }
  }

  return formDialog(
    {
      title: course ? words.edit : words.make,
      submit: course ? words.save : words.submitNew,
      cancel: words.cancel,
      save: () => (course ? change() : api.post("/api/courses", body())),
    },
    field(title, { name: "title", label: words.name }),
    field(description, { name: "description", label: words.description, optional: true }),
    sees.element,
  );
}
