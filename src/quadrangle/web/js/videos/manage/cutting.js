import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { busy, showErrors } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { videoPath } from "../addresses.js";
import { clock } from "../amounts.js";
import { Player } from "../player/player.js";
import { callsOf, keepOpen } from "../watch/stream.js";
import { leftOf, precise, secondsOf } from "./instants.js";
import { texts } from "./texts.js";

const words = texts.film;
const NEW_CUT_S = 5;
const LEAST_S = 1;
let made = 0;

/** A time of the film, typed or taken from the player. */
function timeField(label, seconds, { here, onChange }) {
  const id = `cut-time-${(made += 1)}`;
  const input = h("input", { id, class: "input cut-time", inputmode: "decimal", value: precise(seconds) });
  const take = h("button", { type: "button", class: "button", "aria-label": words.hereFor(label) }, words.here);
  take.addEventListener("click", () => {
    input.value = precise(here());
    onChange();
  });
  input.addEventListener("input", onChange);
  const element = h(
    "div",
    { class: "cut-field" },
    h("label", { for: id }, label),
    h("div", { class: "row cut-pair" }, input, take),
  );
  return {
    element,
    read() {
      const found = secondsOf(input.value);
      if (found === null) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      return found;
    },
  };
}

/** Which parts of a film stay, drawn to scale; words say the same. */
function strip() {
  const bar = h("div", { class: "cut-strip", "aria-hidden": "true" });
  const text = h("p", { role: "status" });
  return {
    element: h("div", { class: "stack tight" }, bar, text),
    show(length, parts) {
      append(
        clear(bar),
        parts.map(({ from, to }) => {
          const part = h("span", {});
          part.style.insetInlineStart = `${(from / length) * 100}%`;
          part.style.width = `${((to - from) / length) * 100}%`;
          return part;
        }),
      );
      const left = parts.reduce((sum, { from, to }) => sum + to - from, 0);
      text.textContent = words.left(clock(left), clock(length));
    },
  };
}

/**
 * Cuts the film of a video: the player shows what will be left. `onDone(video)` is called once a new
 * film is asked for, `onCancel()` when not.
 */
export async function cutter(video, { onDone, onCancel }) {
  const calls = callsOf({ id: video.id });
  const stream = await calls.stream();
  const length = stream.duration;
  const picture = strip();
  const skips = h("input", { type: "checkbox", checked: true });
  const rows = h("div", { class: "stack" });
  const cuts = new Set();
  let parts = [{ from: 0, to: length }];

  const player = new Player(video.title, {
    time(at, _of, { paused }) {
      if (!skips.checked || paused || parts.some(({ from, to }) => at >= from && at < to)) return;
      const next = parts.find(({ from }) => from > at);
      if (next) player.goTo(next.from);
      else player.video.pause();
    },
    trouble() {},
  });
  const here = () => player.position;
  const first = timeField(words.begins, 0, { here, onChange: update });
  const last = timeField(words.ends, length, { here, onChange: update });

  /** What is cut out; null where something that was typed is no time. */
  function read() {
    const [begin, end] = [first.read(), last.read()];
    const typed = [...cuts].map((cut) => [cut.from.read(), cut.to.read()]);
    if ([begin, end, ...typed.flat()].includes(null)) return null;
    if (begin >= end || typed.some(([from, to]) => from >= to)) return null;
    // what is shown of the end is rounded: that is the end all the same
    const tail = end < length - 0.06 ? [[end, length]] : [];
    return [[0, begin], ...typed, ...tail].filter(([from, to]) => from < to);
  }

  function update() {
    const found = read();
    if (!found) return;
    parts = leftOf(length, found);
    picture.show(length, parts);
  }

  function addCut() {
    const at = Math.min(here(), Math.max(0, length - NEW_CUT_S));
    const cut = {
      from: timeField(words.from, at, { here, onChange: update }),
      to: timeField(words.to, Math.min(length, at + NEW_CUT_S), { here, onChange: update }),
    };
    const remove = h("button", { type: "button", class: "button quiet" }, icon("trash-2"), words.keepPart);
    const row = h("fieldset", { class: "cut-row" }, h("legend", {}, words.cutOut), cut.from.element, cut.to.element, remove);
    remove.addEventListener("click", () => {
      cuts.delete(cut);
      row.remove();
      update();
      add.focus();
    });
    cuts.add(cut);
    rows.append(row);
    update();
    row.querySelector("input").focus();
  }

  const add = h("button", { type: "button", class: "button" }, icon("scissors"), words.add);
  add.addEventListener("click", addCut);
  const go = h("button", { type: "submit", class: "button primary" }, words.make);
  const cancel = h("button", { type: "button", class: "button" }, words.cancel);
  cancel.addEventListener("click", () => {
    player.source.stop();
    onCancel();
  });
  const form = h(
    "form",
    { class: "stack cutter", novalidate: true },
    player.element,
    picture.element,
    h("div", { class: "cut-row" }, first.element, last.element),
    rows,
    h("div", { class: "row" }, add, h("label", { class: "check" }, skips, words.skips)),
    h("p", { class: "soft small" }, words.captions),
    h("div", { class: "row" }, go, cancel),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = read();
    const sum = found && leftOf(length, found).reduce((all, { from, to }) => all + to - from, 0);
    if (!found) return showErrors(form, [{ field: null, message: words.noTime }]);
    if (sum < LEAST_S) return showErrors(form, [{ field: null, message: words.tooShort }]);
    return busy(go, async () => {
      try {
        const edited = await api.put(`${videoPath(video.id)}/film`, { keep: leftOf(length, found) });
        player.source.stop();
        onDone(edited);
      } catch (error) {
        showErrors(form, [{ field: null, message: error.message }]);
      }
    });
  });
  update();
  await player.load(stream, await calls.heights(), {});
  keepOpen(calls, stream, player);
  return form;
}
