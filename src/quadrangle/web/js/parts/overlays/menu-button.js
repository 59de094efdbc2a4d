import { h } from "../../base/dom.js";
import { icon } from "../icons.js";

let made = 0;

// A button that opens a menu of choices. `items()` returns [{label, mark, value, current}] each
// time it opens; `onPick(value)` gets the one that was chosen. `shown` stands on a button without
// room for its name, which then is read out before it; its `show(text)` puts another there.
export function menuButton({ label, shown = null, iconName = null, className = "button", items, onPick }) {
  const menu = h("div", {
    class: "menu pick-menu",
    id: `pick-${(made += 1)}`,
    role: "menu",
    popover: "auto",
    "aria-label": label,
  });
  const compact = shown !== null;
  const nameOf = (text) => (text ? `${label}: ${text}` : label);
  const face = h("span", {}, compact ? shown : label);
  const button = h(
    "button",
    {
      type: "button",
      class: className,
      "aria-label": compact && nameOf(shown),
      title: compact && label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      popovertarget: menu.id,
    },
    iconName && icon(iconName),
    face,
    !compact && icon("chevron-down"),
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
  const element = h("span", { class: "menu-button" }, button, menu);
  element.show = (text) => {
    face.textContent = text;
    button.setAttribute("aria-label", nameOf(text));
  };
  return element;
}

// Below the button, or above where there is no room; with its left edge, or its right one.
function place(menu, button) {
  const from = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = from.bottom + 4 + box.height <= innerHeight;
  menu.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - box.height - 4)}px`;
  const fits = from.left + box.width <= innerWidth - 8;
  menu.style.left = `${Math.max(8, fits ? from.left : from.right - box.width)}px`;
}
