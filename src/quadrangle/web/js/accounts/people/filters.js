import { h } from "../../base/dom.js";
import { searchField, searchForm } from "../../parts/forms/search.js";
import { texts as words } from "./texts.js";

/** The search and the chips; `go` moves the page to another address. */
export function filters(go) {
  const groups = [
    chips("role", words.roleFilter, { "": words.allRoles, ...words.roles }, go),
    chips("status", words.statusFilter, { "": words.anyStatus, ...words.statuses }, go),
  ];
  const form = searchForm("people-q", words);
  const search = searchField(form, (q) => go({ q }, { replace: true }));
  return {
    element: h("div", { class: "people-filters" }, form, ...groups.map((group) => group.element)),
    show(address) {
      search.show(address.q);
      for (const group of groups) group.show(address);
    },
  };
}

function chips(field, label, choices, go) {
  const buttons = new Map(
    Object.entries(choices).map(([value, text]) => {
      const chip = h("button", { type: "button", class: "chip" }, text);
      chip.addEventListener("click", () => go({ [field]: value, person: "" }));
      return [value, chip];
    }),
  );
  return {
    element: h(
      "div",
      { class: "people-chips", role: "group", "aria-label": label },
      ...buttons.values(),
    ),
    show(address) {
      for (const [value, chip] of buttons)
        chip.setAttribute("aria-pressed", String(value === address[field]));
    },
  };
}
