import { announce, h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

// The issue types with their target hours, in order. `onEdit` hears of every change.
export function typesEditor(onEdit) {
  const list = h("ol", { role: "list", class: "types" });
  const add = h("button", { type: "button", class: "button" }, icon("plus"), words.addType);
  let rows = [];

  const named = (row) => row.name.value.trim() || words.unnamed;

  function rename() {
    rows.forEach((row, at) => {
      row.nameField.dataset.field = `issueTypes.${at}.name`;
      row.hoursField.dataset.field = `issueTypes.${at}.targetHours`;
      row.nameField.querySelector("label").textContent = words.typeNameOf(at + 1);
      row.hoursField.querySelector("label").textContent = words.targetOf(at + 1);
      for (const [button, label] of [
        [row.up, words.moveUp],
        [row.down, words.moveDown],
        [row.remove, words.remove],
      ]) {
        button.setAttribute("aria-label", label(named(row)));
        button.title = label(named(row));
      }
      row.up.disabled = at === 0;
      row.down.disabled = at === rows.length - 1;
      row.remove.disabled = rows.length === 1;
    });
  }

  function move(row, step, focus) {
    const from = rows.indexOf(row);
    const to = from + step;
    if (to < 0 || to >= rows.length) return;
    rows.splice(to, 0, ...rows.splice(from, 1));
    list.replaceChildren(...rows.map((each) => each.element));
    rename();
    (focus.disabled ? row.name : focus).focus();
    announce(words.moved(named(row), to + 1, rows.length));
    onEdit();
  }

  function remove(row) {
    const at = rows.indexOf(row);
    rows = rows.filter((each) => each !== row);
    row.element.remove();
    rename();
    (rows[at] ?? rows.at(-1))?.name.focus();
    announce(words.removed(named(row)));
    onEdit();
  }

  function makeRow({ name, targetHours }) {
    const row = {
      name: h("input", { type: "text", value: name, maxlength: 100, autocomplete: "off" }),
      hours: h("input", {
        type: "number",
        value: targetHours ?? "",
        min: 1,
        max: 8760,
        step: 1,
        inputmode: "numeric",
      }),
      up: iconButton("arrow-up"),
      down: iconButton("arrow-down"),
      remove: iconButton("trash-2"),
    };
    row.nameField = field(row.name, { name: "typeName", label: words.typeName });
    row.hoursField = field(row.hours, { name: "type-target", label: words.targetHours });
    row.element = h(
      "li",
      { class: "type-row" },
      row.nameField,
      row.hoursField,
      h("div", { class: "type-tools" }, row.up, row.down, row.remove),
    );
    row.up.addEventListener("click", () => move(row, -1, row.up));
    row.down.addEventListener("click", () => move(row, 1, row.down));
    row.remove.addEventListener("click", () => remove(row));
    row.element.addEventListener("input", () => {
      rename();
      onEdit();
    });
    row.element.addEventListener("keydown", (event) => {
      const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(row, step, document.activeElement);
    });
    return row;
  }

  add.addEventListener("click", () => {
    const row = makeRow({ name: "", targetHours: null });
    rows.push(row);
    list.append(row.element);
    rename();
    row.name.focus();
    onEdit();
  });

  return {
    element: h(
      "section",
      { class: "card settings-card", "aria-labelledby": "types-title" },
      h("h2", { id: "types-title" }, words.types),
      h("p", { class: "soft small" }, words.typesHint),
      h(
        "p",
        { class: "soft small" },
        words.targetHint,
        h("span", { class: "only-wide" }, ` ${words.keysHint}`),
      ),
      h(
        "div",
        { class: "type-heads", "aria-hidden": "true" },
        h("span", {}, words.typeName),
        h("span", {}, words.targetHours),
      ),
      list,
      add,
    ),
    show(types) {
      rows = types.map(makeRow);
      list.replaceChildren(...rows.map((row) => row.element));
      rename();
    },
    // What the API could not even read.
    faults: () =>
      rows.flatMap(({ hours }, at) =>
        hours.validity.badInput || !Number.isInteger(Number(hours.value))
          ? [{ field: `issueTypes.${at}.targetHours`, message: words.wholeHours }]
          : [],
      ),
    value: () =>
      rows.map((row) => ({
        name: row.name.value.trim(),
        targetHours: row.hours.value === "" ? null : Number(row.hours.value),
      })),
  };
}
