import { combobox } from "../../../parts/forms/combobox.js";
import { selectField } from "../../../parts/forms/select-field.js";
import { texts } from "../texts.js";

const words = texts.detail;
const MANY = 20;

// The place of an issue: a select, or among very many places a field to find one by typing.
export function placeField(count, onChoose) {
  return count > MANY ? searchedPlace(onChoose) : selectField(words.location, onChoose);
}

// Only a place that was taken from the list counts: what is half typed is not what anyone meant.
function searchedPlace(onChoose) {
  const box = combobox({
    name: "issue-place",
    label: words.location,
    words: { label: words.location, ...words.place },
    options: [],
    maxLength: 100,
  });
  const { input } = box;
  let saved = "";
  let names = [];

  function choose(name) {
    input.value = name;
    if (name !== saved) onChoose(name);
  }

  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", (event) => {
    if (!event.isTrusted) choose(input.value); // one of the list was taken
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    const typed = input.value.trim().toLowerCase();
    choose(names.find((name) => name.toLowerCase() === typed) ?? saved);
  });
  input.addEventListener("blur", () => {
    input.value = saved;
  });

  return {
    element: box.element,
    show(options, value) {
      saved = value;
      names = options.map((option) => option.value);
      box.setOptions(names);
      if (document.activeElement !== input) input.value = value;
    },
  };
}
