import { emailForm } from "./email-form.js";
import { showMailSent } from "./mail-sent.js";
import { showPage } from "./page.js";
import { texts } from "./texts.js";
import { h } from "../../base/dom.js";

const words = texts.forgot;
const PATH = "/api/accounts/password-reset";

function show() {
  const form = emailForm({
    path: PATH,
    button: words.button,
    done: (email) =>
      showMailSent({
        title: words.sentTitle,
        email,
        message: words.hour,
        path: PATH,
        other: show,
        byHand: [
          h("p", {}, texts.noMail.askPassword),
          h("p", { class: "soft small" }, texts.noMail.forAdmins, h("code", {}, texts.noMail.command)),
        ],
      }),
  });
  showPage(
    words.title,
    h("p", { class: "soft" }, words.lead),
    h("div", { class: "card stack" }, form),
    h("div", { class: "narrow-links" }, h("a", { href: "/sign-in" }, texts.toSignIn)),
  );
}

show();
