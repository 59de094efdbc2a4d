import { append, clear, h } from "../../base/dom.js";
import { texts } from "../texts.js";
import { titleTellsError } from "../title.js";

let made = 0;
const newId = (stem) => `${stem}-${(made += 1)}`;

/**
 * A label, a hint, a place for the error, and the control, tied together for screen readers.
 * `name` is the API's word for the field; errors find it by that.
 */
export function field(control, { name, label, hint, optional = false }) {
  control.id ||= newId(name);
  control.name ||= name;
  // what people type has its own direction, whatever that of the page is
  if (["text", "textarea"].includes(control.type)) control.dir ||= "auto";
  const hintElement = hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint);
  const error = h("p", { class: "error", id: `${control.id}-error`, hidden: true });
  if (hintElement) control.setAttribute("aria-describedby", hintElement.id);
  return h(
    "div",
    { class: "field", dataset: { field: name } },
    h(
      "label",
      { for: control.id },
      label,
      optional && h("span", { class: "optional" }, ` ${texts.forms.optional}`),
    ),
    hintElement,
    error,
    control,
  );
}

function describe(control, id, wanted) {
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(/\s+/));
  ids.delete("");
  if (wanted) ids.add(id);
  else ids.delete(id);
  if (ids.size) control.setAttribute("aria-describedby", [...ids].join(" "));
  else control.removeAttribute("aria-describedby");
}

function fieldBox(form, name) {
  return form.querySelector(`.field[data-field="${CSS.escape(name)}"]`);
}

function setError(box, message, { alone = false } = {}) {
  const place = box.querySelector(":scope > .error");
  const control = box.querySelector("input, select, textarea");
  if (message && alone) place.setAttribute("role", "alert");
  else place.removeAttribute("role");
  place.textContent = message ?? "";
  place.hidden = !message;
  if (!control) return null;
  if (message) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  describe(control, place.id, Boolean(message));
  return control;
}

export function clearErrors(form) {
  for (const box of form.querySelectorAll(".field[data-field]")) setError(box, null);
  for (const old of form.querySelectorAll(".error-summary")) old.remove();
}

/** Take back the error of one field, once it is being mended. */
export function clearError(form, name) {
  const box = fieldBox(form, name);
  if (box) setError(box, null);
}

function summaryLink(control, text) {
  const link = h("a", { href: `#${control.id}` }, text);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    control.closest("form")?.dispatchEvent(new CustomEvent("reveal", { detail: control }));
    control.focus();
    control.scrollIntoView({ block: "center" });
  });
  return link;
}

/** The one field that is seen of a form, where the only error is about it. */
function onlyField(form, errors) {
  const all = [...form.querySelectorAll(".field[data-field]")];
  const boxes = all.filter((one) => one.checkVisibility());
  const isAbout = errors.length === 1 && boxes[0]?.dataset.field === errors[0].field;
  return boxes.length === 1 && isAbout ? boxes[0] : null;
}

/**
 * Show errors `[{field, message}]` beside their fields and in a summary on top of `form`, which
 * takes the focus. Where but one field is seen, its message stands once, beside it. The form hears
 * "reveal" (detail: the control) before a hidden field is focused.
 */
export function showErrors(form, errors) {
  clearErrors(form);
  if (!form.closest("dialog")) titleTellsError();
  const only = onlyField(form, errors);
  if (only) {
    setError(only, errors[0].message, { alone: true })?.focus();
    return only.querySelector(":scope > .error");
  }
  const list = h("ul");
  for (const { field: name, message } of errors) {
    const box = name ? fieldBox(form, name) : null;
    const control = box && setError(box, message);
    append(list, h("li", {}, control ? summaryLink(control, message) : message));
  }
  const summary = h(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1" },
    h("h2", {}, texts.forms.problem),
    list,
  );
  form.prepend(summary);
  summary.focus();
  summary.scrollIntoView({ block: "nearest" });
  return summary;
}

/** Show that a button is at work while `work` runs, and keep it from being pressed twice. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Count down `seconds` in `place`, then call `done`. Returns a function that stops it. */
export function countDown(place, seconds, words, done) {
  const end = Date.now() + seconds * 1000;
  let timer = 0;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      clear(place);
      done?.();
    } else place.textContent = words(left);
  };
  timer = setInterval(tick, 500);
  tick();
  return () => clearInterval(timer);
}

/** Whether this may be an address: browsers refuse letters beyond ASCII before the @, we do not. */
export function looksLikeEmail(text) {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}
