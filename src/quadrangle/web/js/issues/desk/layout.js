import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { searchForm } from "../../parts/forms/search.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { SORTS } from "./address.js";
import { texts } from "./texts.js";

const words = texts.desk;

function filters() {
  const toggle = h(
    "button",
    {
      type: "button",
      class: "button filter-toggle",
      "aria-expanded": "false",
      "aria-controls": "filter-others",
    },
    icon("sliders-horizontal"),
    h("span", {}, words.filters),
  );
  const keys = h(
    "button",
    { type: "button", class: "button quiet keys-button only-wide" },
    icon("keyboard"),
    texts.shortcuts.open,
  );
  return h(
    "section",
    { class: "desk-filters", "aria-label": words.filters },
    h(
      "div",
      { class: "desk-top" },
      h("p", { class: "desk-name", "aria-hidden": "true" }, words.title),
      keys,
      toggle,
    ),
    h("div", { class: "filter-views" }),
    h("div", { class: "filter-others", id: "filter-others" }),
  );
}

function search() {
  return searchForm("desk-q", words, h("kbd", { class: "only-wide", "aria-hidden": "true" }, "/"));
}

function sortChoice() {
  return h(
    "select",
    { class: "list-sort", "aria-label": words.sort },
    SORTS.map((sort) => h("option", { value: sort }, words.sorts[sort])),
  );
}

function list() {
  return h(
    "section",
    { class: "desk-list", "aria-labelledby": "list-title" },
    h(
      "div",
      { class: "list-top" },
      search(),
      h(
        "div",
        { class: "list-head" },
        h(
          "label",
          { class: "select-all" },
          h("input", { type: "checkbox", "aria-label": words.selectAll }),
        ),
        h("h2", { id: "list-title", class: "list-title", tabindex: "-1" }),
        h("p", { class: "list-count soft small" }),
        sortChoice(),
        h("div", { class: "bulk-bar", hidden: true }),
      ),
    ),
    h("button", { type: "button", class: "new-pill", hidden: true }, icon("arrow-up"), h("span")),
    h("div", { class: "list-notice" }),
    h("ul", { role: "list", class: "issue-list" }, skeletonRows()),
    h("div", { class: "list-foot" }),
  );
}

// The three parts of the desk: filters, list, and the report that is open.
export function deskLayout(main) {
  // The heading stays when a phone hides everything but the open report.
  const heading = h("h1", { class: "visually-hidden" }, words.title);
  main.replaceChildren(
    heading,
    filters(),
    list(),
    h("section", { class: "desk-detail", "aria-label": words.openReport }),
  );
}
