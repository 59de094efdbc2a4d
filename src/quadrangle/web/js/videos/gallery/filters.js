import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../texts.js";
import { texts as words } from "./texts.js";

const MOST_COURSES = 100;
const CHOICES = {
  length: ["short", "medium", "long"],
  captions: ["with", "without"],
  sort: ["newest", "oldest", "views", "longest", "shortest", "title"],
  visibility: ["private", "shared", "campus", "unlisted", "public"],
};
export const FILTERS = ["length", "captions", "course", "visibility", "sort"];
const labelOf = (name, value) =>
  name === "visibility" ? common.visibility[value] : words.filter[name].choices[value];

/** What an address narrows the list to, without what cannot be chosen. */
export function filtersOf(query) {
  const found = {};
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value && (name === "course" || CHOICES[name].includes(value))) found[name] = value;
  }
  if (query.get("mine") !== "true") delete found.visibility;
  return found;
}

/**
 * Choosing filters, and those chosen as links that take each away. `onChoose(filters)` gets all of
 * them; `href(filters)` is the address of a list: `{element, show(filters, {mine})}`.
 */
export function filterBar(onChoose, href) {
  const selects = {};
  const chips = h("ul", { role: "list", class: "row filter-chips", "aria-label": words.filter.chosen });
  const fields = h("div", { class: "filter-fields" });
  const summary = h("summary", { class: "chip" }, icon("sliders-horizontal"), words.filter.open);
  const details = h("details", { class: "filters" }, summary, fields);
  const element = h("div", { class: "filter-bar" }, details, chips);
  const titles = new Map();
  let now = {};
  let asked = null;

  function select(name) {
    const any = h("option", { value: "" }, words.filter[name].any);
    const options = (CHOICES[name] ?? []).map((one) => h("option", { value: one }, labelOf(name, one)));
    selects[name] = h("select", {}, any, options);
    selects[name].addEventListener("change", () => {
      const { [name]: _, ...others } = now;
      const { value } = selects[name];
      onChoose(value ? { ...others, [name]: value } : others);
    });
    return field(selects[name], { name: `filter-${name}`, label: words.filter[name].label });
  }

  const boxes = Object.fromEntries(FILTERS.map((name) => [name, select(name)]));
  append(fields, FILTERS.map((name) => boxes[name]));

  async function loadCourses() {
    asked ??= api.get("/api/courses", { query: { limit: MOST_COURSES } }).then(
      ({ courses }) => {
        for (const { id, title } of courses) {
          titles.set(id, title);
          selects.course.append(h("option", { value: id }, title));
        }
        boxes.course.hidden = courses.length === 0;
        draw();
      },
      () => (asked = null),
    );
    await asked;
  }

  function draw() {
    for (const name of FILTERS) selects[name].value = now[name] ?? "";
    const chosen = FILTERS.filter((name) => now[name] && name !== "sort");
    append(
      clear(chips),
      chosen.map((name) => {
        const { [name]: value, ...others } = now;
        const text = name === "course" ? (titles.get(value) ?? words.filter.course.label) : labelOf(name, value);
        const off = { class: "chip", href: href(others), "aria-label": words.filter.off(text) };
        return h("li", {}, h("a", off, h("span", { dir: "auto" }, text), icon("x")));
      }),
    );
    chips.hidden = chosen.length === 0;
  }

  details.addEventListener("toggle", () => details.open && loadCourses());
  return {
    element,
    show(filters, { mine }) {
      now = filters;
      boxes.visibility.hidden = !mine;
      if (filters.course) loadCourses();
      draw();
    },
  };
}
