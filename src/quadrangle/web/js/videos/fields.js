import { h } from "../base/dom.js";
import { field } from "../parts/forms/forms.js";
import { texts } from "./texts.js";

const ALL = ["private", "shared", "campus", "unlisted", "public"];
const NARROW = ["private", "shared"];

/**
 * A select of who sees a video, with the hint to what is chosen: `{element, select}`. `names` offers
 * to name people, where the page lets one; `narrow` nothing that others than those named see.
 */
export function visibilityField(chosen, { name = "visibility", names = false, narrow = false } = {}) {
  const offered = narrow ? NARROW : ALL;
  const select = h(
    "select",
    {},
    offered.filter((one) => names || one !== "shared" || one === chosen).map((one) =>
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
