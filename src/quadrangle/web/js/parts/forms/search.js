import { h } from "../../base/dom.js";
import { iconButton } from "../icon-button.js";
import { icon } from "../icons.js";

const PAUSE_MS = 160;

// A form to search by; `searchField` brings it to life. `words`: {search, searchHint, clearSearch}.
export function searchForm(id, words, ...more) {
  const clear = iconButton("x", words.clearSearch, "search-clear icon-only");
  clear.hidden = true;
  const input = h("input", {
    type: "search",
    dir: "auto",
    id,
    class: "input",
    maxlength: 200,
    autocomplete: "off",
    enterkeyhint: "search",
    placeholder: words.search,
    "aria-describedby": `${id}-hint`,
  });
  return h(
    "form",
    { class: "search-form", role: "search" },
    h("label", { for: id, class: "visually-hidden" }, words.search),
    h("span", { id: `${id}-hint`, class: "visually-hidden" }, words.searchHint),
    icon("search"),
    input,
    clear,
    ...more,
  );
}

// Tells of what was typed after a short pause, at once on Enter.
export function searchField(form, onSearch) {
  const input = form.querySelector("input");
  const clearButton = form.querySelector(".search-clear");
  let timer = 0;
  let told = "";

  function tell() {
    clearTimeout(timer);
    const q = input.value.trim();
    clearButton.hidden = !input.value;
    if (q === told) return;
    told = q;
    onSearch(q);
  }

  input.addEventListener("input", () => {
    clearButton.hidden = !input.value;
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
  });
  clearButton.addEventListener("click", () => {
    input.value = "";
    tell();
    input.focus();
  });
  return {
    focus() {
      input.focus();
      input.select();
    },
    // The address moved, by back or a cleared filter; what is being typed is not overwritten.
    show(q) {
      if (q === told) return;
      told = q;
      input.value = q;
      clearButton.hidden = !q;
    },
  };
}
