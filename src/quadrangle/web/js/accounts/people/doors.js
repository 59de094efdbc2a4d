import { api } from "../../base/api.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { secretDialog } from "../../parts/overlays/secret-dialog.js";
import { h } from "../../base/dom.js";
import { trueOfMail } from "../../base/mail-delivery.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { correctAddress } from "./correcting.js";
import { linkDialog } from "./link-dialog.js";
import { texts as words } from "./texts.js";

const sure = (text, yes, danger = true) => confirmDialog({ text, yes, no: words.cancel, danger });

// What lets a person in or keeps them out. `changed` gets the account as it is afterwards.
export function doors(person, changed) {
  const { accountId, name, status } = person;
  const path = `/api/accounts/people/${accountId}`;
  const isOpen = status === "active";

  async function patched(active, done) {
    const now = await api.patch(path, { active });
    toast(done(name));
    changed(now);
  }

  const actions = {
    correctAddress: async () => {
      const corrected = await correctAddress(person);
      if (!corrected) return;
      changed(corrected.account);
      if (corrected.invitationUrl) await linkDialog(corrected.account, corrected.invitationUrl);
      else {
        const sent = words.addressSent(corrected.account.newEmail ?? corrected.account.email);
        toast(await trueOfMail(sent, words.addressKept));
      }
    },
    inviteAgain: async () => {
      const { account, invitationUrl } = await api.post(`${path}/invitation`);
      await linkDialog(account, invitationUrl);
    },
    newPassword: async () => {
      const text = isOpen ? words.newPasswordSure(name) : words.openSure(name);
      if (!(await sure(text, words.makePassword, false))) return;
      const { password } = await api.post(`${path}/password`);
      await secretDialog(words.passwordOf(name), password);
      changed(await api.get(path));
    },
    signOut: async () => {
      if (!(await sure(words.signOutSure(name), words.signOut))) return;
      await api.post(`${path}/sign-out`);
      toast(words.signedOut(name));
    },
    removeFactors: async () => {
      if (!(await sure(words.removeFactorsSure(name), words.removeFactors))) return;
      await api.delete(`${path}/second-factor`);
      toast(words.factorsRemoved(name));
      changed(await api.get(path));
    },
    disable: async () => {
      if (await sure(words.disableSure(name), words.disable)) await patched(false, words.disabled);
    },
    enable: () => patched(true, words.enabled),
  };

  function button(action, symbol, { danger = false } = {}) {
    const element = h(
      "button",
      { type: "button", class: `button${danger ? " danger" : ""}`, dataset: { action } },
      icon(symbol),
      words[action],
    );
    element.addEventListener("click", () =>
      busy(element, () => actions[action]().catch((error) => toast(error.message))),
    );
    return element;
  }

  return h(
    "section",
    { class: "person-doors", "aria-labelledby": "doors-title" },
    h("h3", { id: "doors-title" }, words.access),
    h(
      "div",
      { class: "person-tools" },
      status === "invited" && button("inviteAgain", "mail"),
      status !== "disabled" && button("correctAddress", "at-sign"),
      status !== "disabled" && button("newPassword", "key-round"),
      isOpen && button("signOut", "log-out"),
      isOpen && person.twoFactor && button("removeFactors", "shield-alert"),
      status === "disabled"
        ? button("enable", "user-check")
        : button("disable", "user-x", { danger: true }),
    ),
    status !== "disabled" && h("p", { class: "soft small" }, words.newPasswordHint),
  );
}
