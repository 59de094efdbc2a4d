import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { reauthentication, whose } from "./reauthentication.js";
import { showRecoveryCodes } from "./recovery-codes.js";
import { texts } from "./texts.js";

const words = texts.factor;

/** For a code of the app; with `recovery` a recovery code may be typed as well. */
export function codeInput({ recovery = false } = {}) {
  return h("input", {
    type: "text",
    class: "code-input",
    autocomplete: "one-time-code",
    inputmode: recovery ? "text" : "numeric",
    spellcheck: "false",
    maxlength: 40,
  });
}

function begin(me) {
  const again = reauthentication(me);
  return formDialog(
    {
      title: words.setUp,
      submit: words.begin,
      cancel: texts.cancel,
      save: () => api.post("/api/accounts/me/totp", { password: again.value() }),
    },
    h("p", {}, words.text),
    whose(me),
    again.element,
  );
}

function confirm({ enrolment, secret, uri, qr }) {
  const code = codeInput();
  return formDialog(
    {
      title: words.scanTitle,
      submit: words.confirm,
      cancel: texts.cancel,
      save: () =>
        api.post("/api/accounts/me/totp/confirm", { enrolment, code: code.value.trim() }),
    },
    h("p", {}, words.scanText),
    h("img", {
      class: "qr",
      // a picture, so that whatever it held would not become part of the page
      src: `data:image/svg+xml,${encodeURIComponent(qr)}`,
      alt: words.qr,
      width: 200,
      height: 200,
    }),
    h(
      "p",
      { class: "typed-secret" },
      h("span", { class: "soft small" }, words.typed),
      h("code", { tabindex: "0" }, secret),
    ),
    h("a", { class: "button only-narrow", href: uri }, icon("smartphone"), words.open),
    field(code, { name: "code", label: words.confirmLabel, hint: words.codeHint }),
  );
}

/** Set an authenticator app up, step by step. Resolves to whether it counts now. */
export async function enrol(me) {
  const begun = await begin(me);
  if (!begun) return false;
  const done = await confirm(begun);
  if (!done) return false;
  await showRecoveryCodes(done.recoveryCodes, me.email);
  return true;
}
