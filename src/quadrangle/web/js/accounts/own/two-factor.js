import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { badge } from "../../parts/badge.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { codeInput, enrol } from "./enrolment.js";
import { reauthentication, whose } from "./reauthentication.js";
import { showRecoveryCodes } from "./recovery-codes.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";

const words = texts.factor;
const FEW = 3;

async function newCodes(me) {
  const again = reauthentication(me);
  const made = await formDialog(
    {
      title: words.newCodes,
      submit: words.makeCodes,
      cancel: texts.cancel,
      save: () => api.post("/api/accounts/me/recovery-codes", { password: again.value() }),
    },
    h("p", {}, words.newCodesText),
    whose(me),
    again.element,
  );
  if (made) await showRecoveryCodes(made.recoveryCodes, me.email);
  return Boolean(made);
}

async function remove(me) {
  const again = reauthentication(me);
  const code = codeInput({ recovery: true });
  const removed = await formDialog(
    {
      title: words.removeTitle,
      submit: words.remove,
      cancel: texts.cancel,
      danger: true,
      save: async () => {
        const body = { password: again.value(), code: code.value.trim() };
        await api.post("/api/accounts/me/totp/remove", body);
        return true;
      },
    },
    h("p", {}, words.removeText),
    whose(me),
    again.element,
    field(code, { name: "code", label: words.code, hint: words.codeOrRecovery }),
  );
  if (removed) toast(words.removed);
  return Boolean(removed);
}

function left(n) {
  const few = n <= FEW;
  return h(
    "p",
    { class: few ? "" : "soft" },
    words.codesLeft(n),
    few && h("b", {}, " ", words.fewLeft),
  );
}

/** The authenticator app and its recovery codes. `reload` shows the account anew. */
export function twoFactor(me, reload) {
  const { totp, passkeys, required, recoveryCodesLeft } = me.twoFactor;
  const isOn = totp || passkeys > 0;
  const after = (work) => async () => {
    if (await work(me)) await reload();
  };
  const state = isOn
    ? badge(words.on, { iconName: "shield-check", tone: "done" })
    : badge(words.off, { iconName: "circle-dashed" });
  const setUp = { className: isOn ? "button" : "button primary" };
  const buttons = [
    !totp && actionButton(words.setUp, after(enrol), setUp),
    isOn && actionButton(words.newCodes, after(newCodes)),
    totp && actionButton(words.remove, after(remove), { className: "button danger" }),
  ];
  const part = section(
    "two-factor",
    words.title,
    required &&
      h(
        "div",
        { class: `notice${me.needsSecondFactor ? " progress" : ""}` },
        icon(me.needsSecondFactor ? "shield-alert" : "shield-check"),
        h("p", {}, words.needed(common.roles[me.role])),
      ),
    h("p", { class: "soft" }, isOn && !totp ? words.byPasskey : words.text),
    isOn && left(recoveryCodesLeft),
    h("div", { class: "row" }, buttons.filter(Boolean)),
  );
  part.querySelector("h2").append(" ", state);
  return part;
}
