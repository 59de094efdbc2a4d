import { h } from "../../base/dom.js";

// Asks before what cannot be undone. Resolves to whether it should be done.
export function confirmDialog({ text, yes, no, danger = true }) {
  const go = h(
    "button",
    { type: "button", class: `button primary${danger ? " danger" : ""}` },
    yes,
  );
  const stay = h("button", { type: "button", class: "button", autofocus: true }, no);
  const dialog = h(
    "dialog",
    { class: "dialog", role: "alertdialog", "aria-labelledby": "confirm-text" },
    h("p", { id: "confirm-text" }, text),
    h("div", { class: "dialog-foot" }, stay, go),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    go.addEventListener("click", () => dialog.close("yes"));
    stay.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}
