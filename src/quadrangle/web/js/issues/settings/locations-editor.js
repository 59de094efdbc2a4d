import { announce, h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts as words } from "./texts.js";

const MANY = 12;
const alike = (name) => name.toLocaleLowerCase();

// The names on the lines of a text: trimmed, each once, without those that are known.
export function newNames(text, known) {
  const seen = new Set(known.map(alike));
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter(Boolean);
  const fresh = [];
  for (const line of lines) {
    if (seen.has(alike(line))) continue;
    seen.add(alike(line));
    fresh.push(line);
  }
  return { fresh, known: lines.length - fresh.length };
}

// The locations: add one, paste many, find and remove. `onEdit` hears of every change.
export function locationsEditor(onEdit) {
  let names = [];
  const title = h("h2", { id: "locations-title" });
  const input = h("input", {
    type: "text",
    id: "new-location",
    class: "input",
    maxlength: 100,
    autocomplete: "off",
  });
  const addButton = h("button", { type: "button", class: "button" }, icon("plus"), words.add);
  const find = h("input", {
    type: "search",
    id: "find-location",
    class: "input",
    autocomplete: "off",
  });
  const finder = h(
    "div",
    { class: "field" },
    h("label", { for: "find-location" }, words.filterLocations),
    find,
  );
  const list = h("ul", { role: "list", class: "locations" });
  const none = h("p", { class: "soft" });
  const paste = h(
    "button",
    { type: "button", class: "button" },
    icon("list-plus"),
    words.pasteMany,
  );
  const sort = h("button", { type: "button", class: "button quiet" }, words.sort);

  function item(name) {
    const remove = iconButton("x", words.remove(name));
    remove.addEventListener("click", () => {
      const at = [...list.children].indexOf(remove.parentElement);
      names = names.filter((each) => each !== name);
      edited();
      (
        list.children[Math.min(at, list.children.length - 1)]?.querySelector("button") ?? input
      ).focus();
      announce(words.removed(name));
    });
    return h("li", {}, h("span", { dir: "auto" }, name), remove);
  }

  function draw() {
    const wanted = alike(find.value.trim());
    const shown = names.filter((name) => alike(name).includes(wanted));
    title.textContent = words.locations(names.length);
    finder.hidden = names.length <= MANY && !wanted;
    list.replaceChildren(...shown.map(item));
    none.hidden = shown.length > 0;
    none.textContent = names.length ? words.noneFound : words.noLocations;
    sort.hidden = names.length < 2;
  }

  function edited() {
    draw();
    onEdit();
  }

  function addOne() {
    const { fresh, known } = newNames(input.value, names);
    if (known) toast(words.already(input.value.trim()));
    if (!fresh.length) return;
    names = [...names, ...fresh];
    input.value = "";
    find.value = "";
    edited();
    input.focus();
    announce(words.paste.added(fresh.length));
  }

  async function pasteMany() {
    const text = h("textarea", { id: "paste-locations", rows: 10 });
    const summary = h("p", { class: "soft small", role: "status" });
    text.addEventListener("input", () => {
      const { fresh, known } = newNames(text.value, names);
      summary.textContent = text.value.trim() ? words.paste.summary(fresh.length, known) : "";
    });
    const { title: heading, label, cancel } = words.paste;
    const fresh = await formDialog(
      {
        title: heading,
        submit: words.add,
        cancel,
        save: async () => newNames(text.value, names).fresh,
      },
      h("div", { class: "field" }, h("label", { for: "paste-locations" }, label), text),
      summary,
    );
    if (!fresh?.length) return;
    names = [...names, ...fresh];
    edited();
    toast(words.paste.added(fresh.length));
  }

  addButton.addEventListener("click", addOne);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    addOne();
  });
  find.addEventListener("input", draw);
  paste.addEventListener("click", pasteMany);
  sort.addEventListener("click", () => {
    names = names.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    edited();
    announce(words.sorted);
  });

  return {
    element: h(
      "section",
      { class: "card settings-card field-group", "aria-labelledby": "locations-title" },
      title,
      h("p", { class: "soft small" }, words.locationsHint),
      h(
        "div",
        { class: "field", dataset: { field: "locations" } },
        h("label", { for: "new-location" }, words.addLocation),
        h("p", { class: "error", hidden: true, id: "locations-error" }),
        h("div", { class: "add-row" }, input, addButton),
      ),
      h("div", { class: "toolbar" }, paste, sort),
      finder,
      none,
      list,
    ),
    show(locations) {
      names = [...locations];
      draw();
    },
    value: () => names,
    // Typed but not added yet is not lost: it counts as added.
    takeTyped: () => input.value.trim() && addOne(),
  };
}
