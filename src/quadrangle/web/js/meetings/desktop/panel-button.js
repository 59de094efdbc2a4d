import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";

let made = 0;

/** A button that opens a panel over or under itself. `onOpen` is called each time. */
export function panelButton({ iconName, label, title, content, onOpen }) {
  const head = h("h2", { class: "desk-panel-title", id: `desk-panel-${(made += 1)}` }, title);
  const panel = h(
    "div",
    {
      class: "desk-panel",
      id: `desk-panel-box-${made}`,
      role: "dialog",
      popover: "auto",
      "aria-labelledby": head.id,
    },
    head,
    content,
  );
  const button = h(
    "button",
    {
      type: "button",
      class: "button desk-button",
      popovertarget: panel.id,
      "aria-expanded": "false",
      "aria-label": label,
      title: label,
    },
    icon(iconName),
    h("span", { class: "desk-label" }, label),
  );
  panel.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState !== "open") return;
    place(panel, button);
    onOpen?.();
  });
  return { element: h("span", { class: "desk-panel-holder" }, button, panel), button, panel };
}

function place(panel, button) {
  const from = button.getBoundingClientRect();
  const box = panel.getBoundingClientRect();
  const above = from.top - box.height - 8;
  const below = Math.min(from.bottom + 8, innerHeight - box.height - 8);
  panel.style.top = `${Math.max(8, above >= 8 ? above : below)}px`;
  panel.style.left = `${Math.max(8, Math.min(from.left, innerWidth - box.width - 8))}px`;
}
