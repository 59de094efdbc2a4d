import { h } from "../../base/dom.js";
import { untilClosed } from "./until-closed.js";

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
  go.addEventListener("click", () => dialog.close("yes"));
  stay.addEventListener("click", () => dialog.close());
  return untilClosed(dialog, () => dialog.returnValue === "yes");
}
