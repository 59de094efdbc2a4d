import { api } from "../../base/api.js";
import { append, h } from "../../base/dom.js";
import { mailsLeave } from "../../base/mail-delivery.js";
import { busy } from "../../parts/forms/forms.js";
import { showPage } from "./page.js";
import { texts } from "./texts.js";

const words = texts.signUp;

/** Say that a mail is on its way; `path` sends it once more to `email`, `other` starts again.
 * Where no mail server is set it says so instead, and what an administrator can do: `byHand`. */
export async function showMailSent({ title, email, message, path, other, byHand }) {
  if (!(await mailsLeave())) {
    showNoMail(byHand, other);
    return;
  }
  const told = h("p", { role: "status" });
  const again = h("button", { type: "button", class: "button" }, words.again);
  again.addEventListener("click", () =>
    busy(again, async () => {
      try {
        await api.post(path, { email }, { anyone: true });
        told.textContent = words.sentAgain;
      } catch (error) {
        told.textContent = error.message;
      }
    }),
  );
  const another = h("button", { type: "button", class: "button quiet" }, words.other);
  another.addEventListener("click", other);
  showPage(
    title,
    append(
      h("div", { class: "card stack" }),
      h("p", {}, words.sent(email)),
      message && h("p", {}, message),
      h("p", { class: "soft small" }, words.late),
      h("div", { class: "row" }, again, another),
      told,
    ),
    h("div", { class: "narrow-links" }, h("a", { href: "/sign-in" }, texts.toSignIn)),
  );
}

function showNoMail(byHand, other) {
  const another = h("button", { type: "button", class: "button quiet" }, words.other);
  another.addEventListener("click", other);
  showPage(
    texts.noMail.title,
    append(
      h("div", { class: "card stack" }),
      h("p", {}, texts.noMail.text),
      byHand,
      h("div", { class: "row" }, another),
    ),
    h("div", { class: "narrow-links" }, h("a", { href: "/sign-in" }, texts.toSignIn)),
  );
}
