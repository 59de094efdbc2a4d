import { h } from "../dom.js";

// Tabs with panels. `onPick(name)` hears of a choice; `show(name)` makes it so.
export function tabs({ label, names, panels, onPick }) {
  const counts = {};
  const list = Object.entries(names).map(([name, text]) => {
    counts[name] = h("span", { class: "count" });
    const tab = h(
      "button",
      { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}` },
      text,
      counts[name],
    );
    tab.addEventListener("click", () => onPick(name));
    panels[name].id = `panel-${name}`;
    panels[name].setAttribute("role", "tabpanel");
    panels[name].setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  const order = Object.keys(names);
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label }, list);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (list.indexOf(document.activeElement) + step + list.length) % list.length;
    onPick(order[next]);
    list[next].focus();
  });
  return {
    element: bar,
    show(name) {
      order.forEach((each, at) => {
        list[at].setAttribute("aria-selected", String(each === name));
        list[at].tabIndex = each === name ? 0 : -1;
        panels[each].hidden = each !== name;
      });
    },
    count(name, n) {
      counts[name].textContent = n ? String(n) : "";
    },
  };
}
