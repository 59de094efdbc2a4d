import { h } from "../../base/dom.js";

const SETTLE_MS = 700;
let made = 0;

// A labelled select that saves when the choice has settled: with arrow keys people pass over
// choices they do not mean.
export function selectField(label, onChoose) {
  const id = `choice-${(made += 1)}`;
  const select = h("select", { id });
  let saved = "";
  let shape = "";
  let timer = 0;

  function settle() {
    clearTimeout(timer);
    timer = 0;
    if (select.value !== saved) onChoose(select.value);
  }

  select.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLE_MS);
  });
  select.addEventListener("blur", () => timer && settle());

  return {
    element: h("div", { class: "field" }, h("label", { for: id }, label), select),
    show(options, value) {
      saved = value;
      const newShape = JSON.stringify(options);
      if (shape !== newShape) {
        shape = newShape;
        select.replaceChildren(
          ...options.map((option) => h("option", { value: option.value, dir: "auto" }, option.label)),
        );
      }
      if (!timer) select.value = value;
    },
  };
}
