import { h } from "../base/dom.js";

/**
 * Tabs by the WAI-ARIA pattern: arrows move between them. `items` is `[{name, label, panel}]`;
 * `onChange` gets the name that is shown.
 */
export function tabs({ label, items, chosen, onChange }) {
  const buttons = items.map(({ name, label: text, panel }) => {
    panel.id ||= `panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": panel.id,
        dataset: { name },
      },
      text,
    );
  });

  function show(name, focus = false) {
    items.forEach((item, i) => {
      const here = item.name === name;
      item.panel.hidden = !here;
      buttons[i].setAttribute("aria-selected", String(here));
      buttons[i].tabIndex = here ? 0 : -1;
      if (here && focus) buttons[i].focus();
    });
  }

  function choose(index, focus) {
    const { name } = items[(index + items.length) % items.length];
    show(name, focus);
    onChange?.(name);
  }

  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons);
  bar.addEventListener("click", (event) => {
    const at = buttons.indexOf(event.target.closest("[role=tab]"));
    if (at >= 0) choose(at, false);
  });
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    choose(to, true);
  });
  show(items.some((item) => item.name === chosen) ? chosen : items[0].name);
  return { bar, show };
}
