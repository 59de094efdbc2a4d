import { searchField } from "../../issues/desk/search.js";
import { h } from "../../base/dom.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { words } from "./texts.js";

/** The search and the chips; `go` moves the page to another address. */
export function filters(go) {
  const groups = [
    chips("role", words.roleFilter, { "": words.allRoles, ...words.roles }, go),
    chips("status", words.statusFilter, { "": words.anyStatus, ...words.statuses }, go),
  ];
  const form = searchForm();
  const search = searchField(form, (q) => go({ q }, { replace: true }));
  return {
    element: h("div", { class: "people-filters" }, form, ...groups.map((group) => group.element)),
    show(address) {
      search.show(address.q);
      for (const group of groups) group.show(address);
    },
  };
}

function searchForm() {
  const clear = iconButton("x", words.clearSearch, "search-clear icon-only");
  clear.hidden = true;
  const input = h("input", {
    type: "search",
    id: "people-q",
    class: "input",
    maxlength: 200,
    autocomplete: "off",
    enterkeyhint: "search",
    placeholder: words.search,
    "aria-describedby": "people-q-hint",
  });
  return h(
    "form",
    { class: "people-search", role: "search" },
    h("label", { for: "people-q", class: "visually-hidden" }, words.search),
    h("span", { id: "people-q-hint", class: "visually-hidden" }, words.searchHint),
    icon("search"),
    input,
    clear,
  );
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
