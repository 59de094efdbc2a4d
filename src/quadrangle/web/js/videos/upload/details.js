import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms.js";
import { videoPath } from "../addresses.js";
import { visibilityField } from "../fields.js";
import { texts as common } from "../texts.js";
import { texts as words } from "./texts.js";

const LONGEST_TITLE = 255;

/**
 * Title and visibility of an upload, saved as they are changed. `onChange({title, visibility})`
 * keeps them until there is a video; from `belongsTo(videoId)` on they are saved with that.
 */
export function detailsForm({ title, visibility }, onChange) {
  let videoId = null;
  const input = h("input", { type: "text", maxlength: LONGEST_TITLE, value: title, dir: "auto" });
  const sees = visibilityField(visibility);
  const told = h("p", { class: "hint upload-saved", role: "status" });
  const values = () => ({ title: input.value.trim() || title, visibility: sees.select.value });
  let saved = values();

  async function save() {
    if (videoId === null || JSON.stringify(saved) === JSON.stringify(values())) return;
    const wanted = values();
    try {
      await api.put(videoPath(videoId), wanted);
      saved = wanted;
      told.textContent = words.saved;
    } catch (error) {
      told.textContent = words.notSaved(error.errors?.[0]?.message ?? error.message);
    }
  }

  const element = h(
    "form",
    { class: "upload-details", novalidate: true },
    field(input, { name: "title", label: common.title }),
    sees.element,
    told,
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  element.addEventListener("change", () => {
    told.textContent = "";
    onChange(values());
    save();
  });
  return {
    element,
    values,
    /** The upload has become a video; `sent` is what it was announced with. */
    belongsTo(id, sent) {
      videoId = id;
      saved = sent;
      save();
    },
  };
}
