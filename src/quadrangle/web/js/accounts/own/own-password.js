import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { toast } from "../../parts/overlays/toast.js";
import { passwordInput, secretField } from "../sign-in/inputs.js";
import { whose } from "./reauthentication.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";
import { texts as common } from "../sign-in/texts.js";

const words = texts.password;

async function change(me) {
  const current = passwordInput("currentPassword", "current-password");
  const next = passwordInput("newPassword", "new-password");
  return formDialog(
    {
      title: words.change,
      submit: words.change,
      cancel: texts.cancel,
      save: async () => {
        await api.put("/api/accounts/me/password", {
          currentPassword: current.value,
          newPassword: next.value,
        });
        return true;
      },
    },
    h("p", { class: "soft small" }, words.warning),
    whose(me),
    secretField(current, { name: "currentPassword", label: words.current }),
    secretField(next, { name: "newPassword", label: words.next, hint: common.newPasswordHint }),
  );
}

export function ownPassword(me, reload) {
  const button = actionButton(words.change, async () => {
    if (!(await change(me))) return;
    toast(words.saved);
    reload();
  });
  return section(
    "own-password",
    words.title,
    h("p", { class: "soft" }, me.hasPassword ? words.set : words.none),
    me.hasPassword && h("div", {}, button),
  );
}
