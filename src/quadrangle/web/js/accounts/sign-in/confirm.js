import { callForm } from "./call-form.js";
import { emailForm } from "./email-form.js";
import { showMailSent } from "./mail-sent.js";
import { showMessage } from "./message.js";
import { dropToken, linkToken, showPage } from "./page.js";
import { texts } from "./texts.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";

const words = texts.confirm;
const PATH = "/api/accounts/confirmation";

function showAsk(title, text) {
  const form = emailForm({
    path: PATH,
    button: words.ask,
    done: (email) =>
      showMailSent({
        title: words.asked,
        email,
        path: PATH,
        other: () => showAsk(words.askTitle),
        byHand: h("p", {}, texts.noMail.askConfirm),
      }),
  });
  showPage(
    title,
    text && h("p", {}, text),
    h("div", { class: "card stack" }, form),
    h("div", { class: "narrow-links" }, h("a", { href: "/sign-in" }, texts.toSignIn)),
  );
}

// Mail programs look into links before people do: only a press of the button uses the token.
function showConfirm(token) {
  const form = callForm({
    content: h("p", {}, words.lead),
    button: words.button,
    iconName: "check",
    call: () => api.post("/api/accounts/confirm", { token }, { anyone: true }),
    done({ email }) {
      dropToken();
      showMessage({
        title: words.doneTitle,
        iconName: "circle-check",
        text: words.done(email),
        ways: [{ href: "/sign-in", text: texts.toSignIn }],
      });
    },
    refused(error) {
      if (error.status !== 410 && error.status !== 400) return false;
      dropToken();
      showAsk(words.goneTitle, words.gone);
      return true;
    },
  });
  showPage(words.title, h("div", { class: "card stack" }, form));
}

function show() {
  const token = linkToken();
  if (token) showConfirm(token);
  else showAsk(words.askTitle);
}

addEventListener("hashchange", () => linkToken() && show());
show();
