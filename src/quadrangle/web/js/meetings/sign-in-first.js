import { signInAddress } from "../base/account.js";
import { append, clear, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts as common } from "../parts/texts.js";

/** The page for whoever is not signed in: what it is, and the way in. */
export function signInFirst(main, { title, lead, why, signIn }) {
  document.title = common.title(title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("h1", {}, title),
      h("p", { class: "soft" }, lead),
      h(
        "div",
        { class: "empty card" },
        icon("log-in"),
        h("p", {}, why),
        h("a", { class: "button primary", href: signInAddress() }, signIn ?? common.signIn),
      ),
    ),
  );
}
