import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { textOfMail, trueOfMail } from "../../base/mail-delivery.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { texts as common } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { reauthentication, whose } from "./reauthentication.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";

const words = texts.you;

async function changeName(me) {
  const input = h("input", { type: "text", autocomplete: "name", maxlength: 100, value: me.name });
  return formDialog(
    {
      title: words.changeName,
      submit: texts.save,
      cancel: texts.cancel,
      save: () => api.patch("/api/accounts/me", { name: input.value }),
    },
    field(input, { name: "name", label: words.name }),
  );
}

async function changeEmail(me) {
  const input = h("input", { type: "email", autocomplete: "email", maxlength: 254 });
  const again = reauthentication(me);
  const path = "/api/accounts/me/email";
  const wanted = () => ({ email: input.value.trim(), password: again.value() });
  const sent = await formDialog(
    {
      title: words.changeEmail,
      submit: words.sendLink,
      cancel: texts.cancel,
      save: async () => {
        await api.put(path, wanted());
        return input.value.trim();
      },
    },
    field(input, { name: "email", label: words.newEmail, hint: textOfMail(words.emailHint, words.emailHintKept) }),
    whose(me),
    again.element,
  );
  return sent;
}

function row(label, value, change) {
  return h("div", { class: "account-row" }, h("dt", {}, label), h("dd", {}, value), change);
}

/** Name, address and role. `reload` shows the account anew. */
export function aboutYou(me, reload) {
  const name = actionButton(
    words.change,
    async () => {
      if (!(await changeName(me))) return;
      toast(words.nameSaved);
      reload();
    },
    { className: "button quiet", name: words.changeName },
  );
  const email = actionButton(
    words.change,
    async () => {
      const sent = await changeEmail(me);
      if (!sent) return;
      toast(await trueOfMail(words.emailSent(sent), words.emailKept));
      reload();
    },
    { className: "button quiet", name: words.changeEmail },
  );
  const address = [
    h("p", {}, me.email),
    me.newEmail && h("p", { class: "soft small" }, words.pending(me.newEmail)),
  ];
  return section(
    "you",
    words.title,
    h(
      "dl",
      { class: "account-rows" },
      row(words.name, h("bdi", {}, me.name), h("dd", {}, name)),
      row(words.email, address, h("dd", {}, email)),
      row(words.role, common.roles[me.role] ?? me.role),
    ),
  );
}
