import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { busy, field, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as parts } from "../../parts/texts.js";
import { videoPath } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.password;
const placeOf = ({ id, key }) => `quadrangle.unlocked.${id}.${key}`;

/** The key that a password has given in this tab, else the link's own. */
export function keyFor(wanted) {
  try {
    return sessionStorage.getItem(placeOf(wanted)) ?? wanted.key;
  } catch {
    return wanted.key; // storage is blocked: the password is asked for again
  }
}

function keep(wanted, key) {
  try {
    sessionStorage.setItem(placeOf(wanted), key);
  } catch {
    // as above
  }
}

/** Ask for the password of a link; `opened(key)` gets the key that it gives. */
export function passwordPage(main, wanted, opened) {
  document.title = parts.title(words.title);
  const password = h("input", { type: "password", autocomplete: "off", maxlength: 200 });
  const go = h("button", { type: "submit", class: "button primary" }, icon("play"), words.open);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    field(password, { name: "password", label: words.label }),
    h("div", { class: "row" }, go),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(go, async () => {
      try {
        const body = { key: wanted.key, password: password.value };
        const { key } = await api.post(`${videoPath(wanted.id)}/unlock`, body, { anyone: true });
        keep(wanted, key);
        await opened(key);
      } catch (error) {
        showErrors(form, [{ field: "password", message: error.message }]);
      }
    });
  });
  append(
    clear(main),
    h(
      "div",
      { class: "column stack" },
      h("h1", {}, words.title),
      h("p", { class: "soft" }, words.lead),
      form,
    ),
  );
  password.focus();
}
