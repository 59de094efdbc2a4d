import { api } from "../api.js";
import { h } from "../dom.js";
import { field } from "../forms.js";
import { icon } from "../icons.js";
import { timeElement } from "../time.js";
import { confirmDialog } from "./confirm.js";
import { formDialog } from "./form-dialog.js";
import { secretDialog } from "./secret-dialog.js";
import { selectField } from "./select-field.js";
import { settings as words } from "./texts-settings.js";
import { toast } from "./toast.js";

const PATH = "/api/accounts/staff";
const ROLES = Object.entries(words.roles).map(([value, label]) => ({ value, label }));

// Who may work at the desk: add, change the role, stop and start, make a new password.
export async function staffEditor(me) {
  const list = h("ul", { role: "list", class: "staff-list" });
  const add = h(
    "button",
    { type: "button", class: "button primary" },
    icon("user-plus"),
    words.addPerson,
  );
  let staff = [];

  async function reload() {
    ({ staff } = await api.get(PATH));
    draw();
  }

  // `person` with some fields changed; what the server refuses is told and taken back.
  async function change(person, patch, done) {
    try {
      const now = await api.patch(`${PATH}/${person.accountId}`, patch);
      staff = staff.map((each) => (each.accountId === now.accountId ? now : each));
      toast(done);
    } catch (error) {
      toast(error.errors?.[0]?.message ?? error.message);
    }
    draw(person.accountId);
  }

  async function changeRole(person, role) {
    const self = person.accountId === me.accountId && role !== "admin";
    if (
      self &&
      !(await confirmDialog({ text: words.demoteSelf, yes: words.goOn, no: words.cancel }))
    )
      draw();
    else await change(person, { role }, words.roleChanged(person.name, words.roles[role]));
  }

  async function toggle(person) {
    const { name, active } = person;
    if (
      active &&
      !(await confirmDialog({
        text: words.deactivateSure(name),
        yes: words.deactivate,
        no: words.cancel,
      }))
    )
      return;
    await change(
      person,
      { active: !active },
      active ? words.deactivated(name) : words.activated(name),
    );
  }

  async function newPassword(person) {
    const sure = await confirmDialog({
      text: words.newPasswordSure(person.name),
      yes: words.makePassword,
      no: words.cancel,
      danger: false,
    });
    if (!sure) return;
    try {
      const { password } = await api.post(`${PATH}/${person.accountId}/password`);
      await secretDialog(words.secret.password(person.name), password);
    } catch (error) {
      toast(error.message);
    }
  }

  function row(person) {
    const role = selectField(words.roleOf(person.name), (value) => changeRole(person, value));
    role.show(ROLES, person.role);
    const password = h(
      "button",
      { type: "button", class: "button" },
      icon("key-round"),
      words.newPassword,
    );
    password.addEventListener("click", () => newPassword(person));
    const active = h(
      "button",
      { type: "button", class: "button" },
      icon(person.active ? "user-x" : "user-check"),
      person.active ? words.deactivate : words.activate,
    );
    active.addEventListener("click", () => toggle(person));
    return h(
      "li",
      { class: `person${person.active ? "" : " inactive"}`, dataset: { id: person.accountId } },
      h(
        "div",
        { class: "person-who" },
        h("p", {}, h("b", {}, person.name), person.accountId === me.accountId && ` (${words.you})`),
        h("p", { class: "soft small" }, person.email),
        h(
          "p",
          { class: "soft small" },
          person.active
            ? [`${words.since} `, timeElement(person.createdAt)]
            : h("span", { class: "badge" }, icon("user-x"), words.inactive),
        ),
      ),
      role.element,
      h("div", { class: "person-tools" }, person.active && password, active),
    );
  }

  function draw(focusId) {
    const ordered = staff.toSorted((a, b) => b.active - a.active || a.name.localeCompare(b.name));
    list.replaceChildren(...ordered.map(row));
    if (focusId) list.querySelector(`[data-id="${CSS.escape(focusId)}"] select`)?.focus();
  }

  add.addEventListener("click", async () => {
    const email = h("input", { type: "email", autocomplete: "off", maxlength: 254 });
    const name = h("input", { type: "text", autocomplete: "off", maxlength: 100 });
    const role = h(
      "select",
      {},
      ROLES.map(({ value, label }) => h("option", { value }, label)),
    );
    const made = await formDialog(
      {
        title: words.addTitle,
        submit: words.addButton,
        cancel: words.cancel,
        save: () => api.post(PATH, { name: name.value, email: email.value, role: role.value }),
      },
      field(name, { name: "name", label: words.name }),
      field(email, { name: "email", label: words.email }),
      field(role, { name: "role", label: words.role, hint: words.roleHint }),
    );
    if (!made) return;
    await secretDialog(words.secret.password(made.account.name), made.password);
    await reload();
  });

  await reload();
  return h(
    "section",
    { class: "card settings-card", "aria-labelledby": "staff-title" },
    h("div", { class: "row spread" }, h("h2", { id: "staff-title" }, words.staff), add),
    list,
  );
}
