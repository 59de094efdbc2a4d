import { api } from "../../base/api.js";
import { announce, h } from "../../base/dom.js";
import { busy, clearErrors, showErrors } from "../../parts/forms/forms.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath } from "../addresses.js";
import { part } from "./part.js";
import { texts } from "./texts.js";
import { atWall, wallOf, zoneName } from "./zone.js";

const words = texts.times;

function input(type, label, value) {
  return h("input", { type, class: "input", "aria-label": label, value });
}

/** Day and time of one instant: `{element, read()}`; `read` throws what is wrong with it. */
function instantField(name, label, iso, zone) {
  const kept = iso ? wallOf(iso, zone) : { day: "", time: "" };
  const day = input("date", `${label}: ${words.day}`, kept.day);
  const time = input("time", `${label}: ${words.time}`, kept.time);
  const error = h("p", { class: "error", id: `${name}-error`, hidden: true });
  const empty = h("button", { type: "button", class: "button quiet", "aria-label": `${label}: ${words.clear}` }, words.clear);
  empty.addEventListener("click", () => {
    day.value = time.value = "";
    day.focus();
  });
  const element = h(
    "fieldset",
    { class: "field", dataset: { field: name } },
    h("legend", {}, label),
    h("p", { class: "hint" }, words.none[name]),
    error,
    h("div", { class: "row manage-instant" }, day, time, empty),
  );
  return {
    element,
    read() {
      if (!day.value && !time.value) return "";
      if (!day.value || !time.value) throw { field: name, message: words.incomplete };
      const instant = atWall(day.value, time.value, zone);
      if (!instant) throw { field: name, message: words.skipped };
      return instant;
    },
  };
}

/** From when until when others see a video. `onChange(video)` gets it as it is then. */
export function timesPart(video, zone, onChange) {
  const first = instantField("publish_at", words.first, video.publish_at, zone);
  const last = instantField("unpublish_at", words.last, video.unpublish_at, zone);
  const save = h("button", { type: "submit", class: "button" }, words.save);
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    h("div", { class: "manage-times" }, first.element, last.element),
    h("div", { class: "row" }, save),
  );

  function read() {
    const body = {};
    const errors = [];
    for (const [name, field] of [["publish_at", first], ["unpublish_at", last]]) {
      try {
        body[name] = field.read();
      } catch (error) {
        errors.push(error);
      }
    }
    return { body, errors };
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { body, errors } = read();
    if (errors.length) return showErrors(form, errors);
    return busy(save, async () => {
      try {
        const saved = await api.put(videoPath(video.id), body);
        clearErrors(form);
        announce(words.saved);
        toast(words.saved);
        onChange(saved);
      } catch (error) {
        const told = error.errors?.length ? error.errors : [{ field: null, message: error.message }];
        showErrors(form, told);
      }
    });
  });
  return part("times", words.title, h("p", { class: "soft" }, words.lead(zoneName(zone))), form);
}
