import { api } from "../../base/api.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { h } from "../../base/dom.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { clashDialog } from "./clash-dialog.js";
import { locationsEditor } from "./locations-editor.js";
import { texts as words } from "./texts.js";
import { typesEditor } from "./types-editor.js";

const PATH = "/api/issues/settings";
const PARTS = ["campusName", "issueTypes", "locations"];

// Where an error of the API is shown: a fault in the list of locations belongs to the field above
// it, and one of a type says which type it is.
function placed({ field: name, message }) {
  if (name?.startsWith("locations.")) return { field: "locations", message };
  const [, at, part = "name"] = name?.match(/^issueTypes\.(\d+)(?:\.(\w+))?$/) ?? [];
  if (!at) return { field: name, message };
  const label = part === "name" ? words.typeNameOf : words.targetOf;
  return { field: `issueTypes.${at}.${part}`, message: `${label(Number(at) + 1)}: ${message}` };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// Campus name, types and locations: edited together, saved together.
export async function catalogForm() {
  let stored = await api.get(PATH);
  const campus = h("input", { type: "text", maxlength: 100, autocomplete: "organization" });
  const types = typesEditor(() => refresh());
  const places = locationsEditor(() => refresh());
  const save = h("button", { type: "submit", class: "button primary" }, words.save);
  const discard = h("button", { type: "button", class: "button" }, words.discard);
  const bar = h(
    "div",
    { class: "save-bar", hidden: true },
    h("p", {}, words.unsaved),
    h("div", { class: "toolbar" }, discard, save),
  );
  const form = h(
    "form",
    { class: "settings-form", novalidate: true },
    h(
      "section",
      { class: "card settings-card" },
      field(campus, { name: "campusName", label: words.campusName, hint: words.campusNameHint }),
    ),
    types.element,
    places.element,
    bar,
  );

  const value = () => ({
    campusName: campus.value.trim(),
    issueTypes: types.value(),
    locations: places.value(),
  });
  const touched = () => PARTS.filter((part) => !same(value()[part], stored[part]));
  const isDirty = () => touched().length > 0;

  function refresh() {
    bar.hidden = !isDirty();
  }

  function show(settings) {
    campus.value = settings.campusName;
    types.show(settings.issueTypes);
    places.show(settings.locations);
    refresh();
  }

  // Someone else saved first: what they left alone is ours to save; on the rest a person decides.
  async function reconcile() {
    const mine = touched();
    const fresh = await api.get(PATH);
    const clashing = mine.filter(
      (part) => !same(fresh[part], stored[part]) && !same(fresh[part], value()[part]),
    );
    const choice = clashing.length ? await clashDialog(clashing, fresh) : "mine";
    if (!choice) return false;
    const wins = choice === "mine" ? mine : mine.filter((part) => !clashing.includes(part));
    const merged = { ...fresh, ...Object.fromEntries(wins.map((part) => [part, value()[part]])) };
    stored = fresh;
    show(merged);
    if (isDirty()) await put(words.savedTogether);
    return true;
  }

  async function put(done) {
    stored = await api.put(PATH, { ...value(), version: stored.version });
    show(stored);
    toast(done);
  }

  async function submit() {
    clearErrors(form);
    places.takeTyped();
    const faults = types.faults();
    if (faults.length) {
      tell({ errors: faults });
      return;
    }
    try {
      await put(words.saved);
    } catch (error) {
      if (error.status === 409) await reconcile().catch(tell);
      else tell(error);
    }
  }

  function tell(error) {
    const errors = error.errors?.length ? error.errors : [{ field: null, message: error.message }];
    showErrors(form, errors.map(placed));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, submit);
  });
  campus.addEventListener("input", refresh);
  discard.addEventListener("click", async () => {
    if (
      !(await confirmDialog({ text: words.discardSure, yes: words.discard, no: words.keepEditing }))
    )
      return;
    clearErrors(form);
    show(stored);
    campus.focus();
  });
  show(stored);
  return { element: form, isDirty };
}
