import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { linkDialog } from "./link-dialog.js";
import { texts as words } from "./texts.js";

/** Invite one person by a form; returns their account, or null when nobody was invited. */
export async function inviteOne() {
  const name = h("input", { type: "text", autocomplete: "off", maxlength: 100 });
  const email = h("input", { type: "email", autocomplete: "off", maxlength: 254 });
  const role = h(
    "select",
    {},
    Object.entries(words.roles).map(([value, label]) => h("option", { value }, label)),
  );
  const invited = await formDialog(
    {
      title: words.inviteTitle,
      submit: words.inviteButton,
      cancel: words.cancel,
      save: () =>
        api.post("/api/accounts/people", {
          name: name.value,
          email: email.value,
          role: role.value,
        }),
    },
    field(name, { name: "name", label: words.name }),
    field(email, { name: "email", label: words.email }),
    field(role, { name: "role", label: words.role, hint: words.roleHint }),
  );
  if (!invited) return null;
  await linkDialog(invited.account, invited.invitationUrl);
  return invited.account;
}
