import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy, clearErrors, field, showErrors } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts as words } from "./texts.js";

/** Name and role of one account, to change; `changed` gets the account as it is afterwards. */
export function personForm(person, { isMe, changed }) {
  const name = h("input", { type: "text", maxlength: 100, autocomplete: "off" });
  const role = h(
    "select",
    {},
    Object.entries(words.roles).map(([value, label]) => h("option", { value }, label)),
  );
  const save = h(
    "button",
    { type: "submit", class: "button", dataset: { action: "save" } },
    words.save,
  );
  const form = h(
    "form",
    { class: "person-form", novalidate: true },
    h("h3", {}, words.edit),
    field(name, { name: "name", label: words.name }),
    field(role, { name: "role", label: words.role, hint: words.roleHint }),
    save,
  );
  name.value = person.name;
  role.value = person.role;

  async function send() {
    clearErrors(form);
    const body = { name: name.value, role: role.value };
    try {
      changed(await api.patch(`/api/accounts/people/${person.accountId}`, body));
      toast(words.saved);
    } catch (error) {
      showErrors(
        form,
        error.errors?.length ? error.errors : [{ field: null, message: error.message }],
      );
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const demoted = isMe && person.role === "admin" && role.value !== "admin";
    const asked = { text: words.demoteSelf, yes: words.goOn, no: words.cancel };
    if (demoted && !(await confirmDialog(asked))) return;
    await busy(save, send);
  });
  return form;
}
