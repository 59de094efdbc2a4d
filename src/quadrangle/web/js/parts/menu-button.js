import { h } from "../base/dom.js";
import { icon } from "./icons.js";

let made = 0;

// A button that opens a menu of choices. `items()` returns [{label, mark, value, current}] each
// time it opens; `onPick(value)` gets the one that was chosen.
export function menuButton({ label, iconName = null, className = "button", items, onPick }) {
  const menu = h("div", {
    class: "menu pick-menu",
    id: `pick-${(made += 1)}`,
    role: "menu",
    popover: "auto",
    "aria-label": label,
  });
  const button = h(
    "button",
    {
      type: "button",
      class: className,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      popovertarget: menu.id,
    },
    iconName && icon(iconName),
    h("span", {}, label),
    icon("chevron-down"),
  );

  function item({ label: text, mark, value, current }) {
    const choice = h(
      "button",
      {
        type: "button",
        role: current === undefined ? "menuitem" : "menuitemradio",
        tabindex: "-1",
        "aria-checked": current === undefined ? null : String(current),
      },
      mark,
      h("span", {}, text),
    );
    choice.addEventListener("click", () => {
      menu.hidePopover();
      onPick(value);
    });
    return choice;
  }

  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") menu.replaceChildren(...items().map(item));
  });
  menu.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(menu, button);
    (menu.querySelector('[aria-checked="true"]') ?? menu.firstElementChild)?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const choices = [...menu.children];
    const at = choices.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 }[
      event.key
    ];
    if (event.key === "Tab") menu.hidePopover();
    else if (next === undefined) return;
    else event.preventDefault();
    choices.at(next % choices.length)?.focus();
  });
  return h("span", { class: "menu-button" }, button, menu);
}

// Below the button, or above where there is no room.
function place(menu, button) {
  const from = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = from.bottom + 4 + box.height <= innerHeight;
  menu.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - box.height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(from.left, innerWidth - box.width - 8))}px`;
}
