import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { iconButton } from "../../parts/icon-button.js";
import { texts as words } from "./texts.js";

// The end of the day is 24:00 to the server, 00:00 on a clock.
const shown = (ends) => (ends === "24:00" ? "00:00" : ends);
const told = (ends) => (ends === "00:00" ? "24:00" : ends);

/**
 * A row of fields `boxes` with a way to remove it. `names()` says what the server calls each of
 * them now: their numbers change as rows come and go.
 */
export function removableRow(boxes, removeLabel, onRemove) {
  const remove = iconButton("x", removeLabel);
  const element = h("div", { class: "range-row" }, boxes, remove);
  remove.addEventListener("click", () => {
    element.remove();
    onRemove();
  });
  return element;
}

/** Two times of one day. `value()` is `{begins, ends}`; `name(stem)` names the fields for errors. */
export function timeRange({ begins, ends }) {
  const first = h("input", { type: "time", value: begins, required: true });
  const last = h("input", { type: "time", value: shown(ends), required: true });
  const boxes = [
    field(first, { name: "begins", label: words.from }),
    field(last, { name: "ends", label: words.to }),
  ];
  return {
    boxes,
    first,
    value: () => ({ begins: first.value, ends: told(last.value) }),
    name(stem) {
      boxes[0].dataset.field = `${stem}.begins`;
      boxes[1].dataset.field = `${stem}.ends`;
      first.name = boxes[0].dataset.field;
      last.name = boxes[1].dataset.field;
    },
  };
}
