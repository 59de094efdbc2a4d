import { h } from "../base/dom.js";
import { field } from "../parts/forms.js";
import { texts } from "./texts.js";

const ALL = ["private", "shared", "campus", "unlisted", "public"];

/**
 * A select of who sees a video, with the hint to what is chosen: `{element, select}`. `names` offers
 * to name people, where the page lets one.
 */
export function visibilityField(chosen, { name = "visibility", names = false } = {}) {
  const select = h(
    "select",
    {},
    ALL.filter((one) => names || one !== "shared" || one === chosen).map((one) =>
      h("option", { value: one, selected: one === chosen }, texts.visibility[one]),
    ),
  );
  const element = field(select, {
    name,
    label: texts.whoSees,
    hint: texts.visibilityHint[chosen] ?? " ",
  });
  select.addEventListener("change", () => {
    element.querySelector(".hint").textContent = texts.visibilityHint[select.value];
  });
  return { element, select };
}
