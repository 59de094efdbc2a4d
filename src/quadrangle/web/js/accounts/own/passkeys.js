import { api, ApiError } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { timeElement } from "../../base/time.js";
import { toast } from "../../parts/overlays/toast.js";
import { reauthentication, whose } from "./reauthentication.js";
import { showRecoveryCodes } from "./recovery-codes.js";
import { actionButton, section } from "./section.js";
import { texts } from "./texts.js";
import { canUsePasskeys, makePasskey } from "../sign-in/webauthn.js";

const words = texts.passkeys;
const PATH = "/api/accounts/me/passkeys";
const one = (passkey) => `${PATH}/${encodeURIComponent(passkey.passkeyId)}`;

function nameInput(value = "") {
  return h("input", { type: "text", autocomplete: "off", maxlength: 100, value });
}

// Before the browser asks for a finger: a name that is missing would be refused only after that.
function requireName({ value }) {
  if (!value.trim()) throw new ApiError(400, words.noName, [{ field: "name", message: words.noName }]);
}

async function makeHere(options) {
  try {
    return await makePasskey(options);
  } catch (error) {
    throw new Error(error.name === "InvalidStateError" ? words.known : words.broken);
  }
}

async function add(me) {
  const name = nameInput();
  const again = reauthentication(me);
  const added = await formDialog(
    {
      title: words.addTitle,
      submit: words.goOn,
      cancel: texts.cancel,
      save: async () => {
        requireName(name);
        const { state, options } = await api.post(`${PATH}/options`, { password: again.value() });
        const credential = await makeHere(options);
        return api.post(PATH, { state, name: name.value.trim(), credential });
      },
    },
    h("p", {}, words.addText),
    field(name, { name: "name", label: words.name, hint: words.nameHint }),
    whose(me),
    again.element,
  );
  if (!added) return false;
  if (added.recoveryCodes) await showRecoveryCodes(added.recoveryCodes, me.email);
  toast(words.added(added.name));
  return true;
}

async function rename(passkey) {
  const name = nameInput(passkey.name);
  const renamed = await formDialog(
    {
      title: words.renameTitle,
      submit: texts.save,
      cancel: texts.cancel,
      save: () => api.patch(one(passkey), { name: name.value.trim() }),
    },
    field(name, { name: "name", label: words.name }),
  );
  return Boolean(renamed);
}

async function remove(me, passkey) {
  const again = reauthentication(me);
  const removed = await formDialog(
    {
      title: words.removeSure(passkey.name),
      submit: words.remove,
      cancel: texts.cancel,
      danger: true,
      save: async () => {
        await api.post(`${one(passkey)}/remove`, { password: again.value() });
        return true;
      },
    },
    h("p", {}, words.removeText),
    whose(me),
    again.element,
  );
  if (removed) toast(words.removed(passkey.name));
  return Boolean(removed);
}

function row(me, passkey, after) {
  const { name, createdAt, usedAt } = passkey;
  const quiet = (label, full, work) =>
    actionButton(label, after(work), { className: "button quiet", name: full });
  return h(
    "li",
    { class: "account-item" },
    icon("fingerprint-pattern"),
    h(
      "div",
      { class: "account-item-text" },
      h("p", {}, h("b", {}, name)),
      h(
        "p",
        { class: "soft small" },
        `${words.made} `,
        timeElement(createdAt),
        ", ",
        usedAt ? [`${words.used} `, timeElement(usedAt)] : words.never,
      ),
    ),
    h(
      "div",
      { class: "account-item-tools" },
      quiet(words.rename, words.renameOf(name), () => rename(passkey)),
      quiet(words.remove, words.removeOf(name), () => remove(me, passkey)),
    ),
  );
}

/** One's passkeys `[{passkeyId, name, createdAt, usedAt}]`; `reload` shows the account anew. */
export function passkeyList(me, passkeys, reload) {
  const after = (work) => async () => {
    if (await work()) await reload();
  };
  return section(
    "passkeys",
    words.title,
    h("p", { class: "soft" }, words.text),
    passkeys.length
      ? h(
          "ul",
          { role: "list", class: "account-list" },
          passkeys.map((passkey) => row(me, passkey, after)),
        )
      : h("p", {}, words.empty),
    canUsePasskeys()
      ? h("div", {}, actionButton(words.add, after(() => add(me))))
      : h("p", { class: "soft small" }, words.unable),
  );
}
