import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { busy, field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { toast } from "../../parts/overlays/toast.js";
import { coursePath } from "../addresses.js";
import { addingPeople } from "../sharing/adding.js";
import { addressField, personRow } from "../sharing/people.js";
import { texts } from "./texts.js";

const words = texts.teachers;

/** Ask to whom a course is handed. Resolves to the course as it is then, or null. */
function handOverDialog(path) {
  const email = h("input", { type: "email", maxlength: 254, autocomplete: "off", spellcheck: "false" });
  return formDialog(
    {
      title: words.handOver,
      submit: words.handOverYes,
      cancel: words.cancel,
      save: () => api.put(`${path}/owner`, { email: email.value }),
    },
    h("p", { class: "soft" }, words.handOverText),
    field(email, { name: "email", label: words.toWhom, hint: words.hint }),
  );
}

/**
 * Who runs a course, for them and for staff: `{element}`. `onChanged(course)` gets what changed of
 * it when it is handed over or somebody comes.
 */
export function teachersSection(course, account, onChanged) {
  const path = coursePath(course.id);
  const list = h("ul", { role: "list", class: "person-rows", "aria-label": words.list });
  const form = h("form", { novalidate: true, class: "stack" });
  const asked = { name: "email", label: words.label, hint: words.hint, adds: words.adds };
  const line = addressField(asked, (emails) => adding(emails));
  const adding = addingPeople(form, line.input, {
    add: (email) => api.post(`${path}/teachers`, { email }),
    async done(added) {
      onChanged(added.at(-1));
      await load();
      announce(words.added);
    },
  });
  append(form, line.element);
  let people = [];

  async function remove(person) {
    const own = person.account_id === account?.accountId;
    const ask = { text: own ? words.leaveSure : words.removeSure(person.name), yes: words.removeYes, no: words.cancel };
    if (!(await confirmDialog(ask))) return;
    try {
      await api.delete(`${path}/teachers/${encodeURIComponent(person.account_id)}`);
      if (own) return location.assign("/courses");
      onChanged(await api.get(path));
      await load();
      announce(words.removed(person.name));
      line.input.focus();
    } catch (error) {
      toast(error.message);
    }
  }

  async function handOver() {
    const changed = await handOverDialog(path);
    if (!changed) return;
    toast(words.handedOver(changed.owner_name));
    if (!changed.can_hand_over) return location.assign("/courses");
    onChanged(changed);
    await load();
  }

  async function load() {
    try {
      ({ people } = await api.get(`${path}/teachers`));
      const row = (one) => personRow(one, course.mine && people.length > 1 ? () => remove(one) : null);
      append(clear(list), people.map(row), !people.length && h("li", { class: "soft" }, words.none));
    } catch (error) {
      append(clear(list), h("li", {}, retryNotice(words.failed, error, load)));
    }
  }

  const over = h("button", { type: "button", class: "button" }, icon("users"), words.handOver);
  over.addEventListener("click", () => busy(over, handOver));
  form.addEventListener("submit", (event) => event.preventDefault());
  load();
  return {
    element: h(
      "section",
      { class: "stack card course-members", "aria-labelledby": "teachers-title" },
      h("h2", { id: "teachers-title" }, words.title),
      course.mine && form,
      list,
      h("div", { class: "row" }, over),
    ),
  };
}
