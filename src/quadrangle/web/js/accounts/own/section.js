import { h } from "../../base/dom.js";

/** A part of the account page under a heading that the address can name. */
export function section(id, title, ...content) {
  return h(
    "section",
    { class: "card account-part", id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title`, tabindex: "-1" }, title),
    ...content.filter(Boolean),
  );
}

/** A button that does `work` when pressed. */
export function actionButton(label, work, { className = "button", name } = {}) {
  const button = h("button", { type: "button", class: className, "aria-label": name }, label);
  button.addEventListener("click", work);
  return button;
}
