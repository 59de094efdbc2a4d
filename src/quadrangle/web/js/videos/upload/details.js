import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { videoPath } from "../addresses.js";
import { visibilityField } from "../fields.js";
import { sharingField } from "../sharing/field.js";
import { texts as common } from "../texts.js";
import { texts as words } from "./texts.js";

const LONGEST_TITLE = 255;
const NOBODY = { people: [], courses: [] };

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Title and visibility of an upload and whom it is shared with, saved as they are changed.
 * `onChange({title, visibility, sharing})` keeps them until there is a video; from
 * `belongsTo(videoId)` on they are saved with that.
 */
export function detailsForm({ title, visibility, sharing }, onChange) {
  let videoId = null;
  const input = h("input", { type: "text", maxlength: LONGEST_TITLE, value: title, dir: "auto" });
  const sees = visibilityField(visibility, { names: true });
  const shares = sharingField(null, sees.select, sharing);
  const told = h("p", { class: "hint upload-saved", role: "status" });
  const values = () => ({
    title: input.value.trim() || title,
    visibility: sees.select.value,
    sharing: shares.choice(),
  });
  let saved = values();
  let saving = Promise.resolve();

  async function save() {
    if (videoId === null) return;
    const wanted = values();
    if (same(saved, wanted)) return;
    const { sharing: people, ...said } = wanted;
    const { sharing: before, ...saidBefore } = saved;
    try {
      // whom it names first: nobody else is to see it meanwhile
      if (!same(before, people)) await shares.save();
      if (!same(saidBefore, said)) await api.put(videoPath(videoId), said);
      saved = wanted;
      told.textContent = words.saved;
    } catch (error) {
      told.textContent = words.notSaved(error.errors?.[0]?.message ?? error.message);
    }
  }

  function saveSoon() {
    saving = saving.then(save);
    return saving;
  }

  const element = h(
    "form",
    { class: "upload-details", novalidate: true },
    field(input, { name: "title", label: common.title }),
    sees.element,
    shares.element,
    told,
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    saveSoon();
  });
  element.addEventListener("change", ({ target }) => {
    // leaving it must not move what is clicked on: it counts with what comes next
    if (target.type === "email") return;
    told.textContent = "";
    onChange(values());
    saveSoon();
  });
  return {
    element,
    values,
    /** The upload has become a video; `sent` is what it was announced with. */
    belongsTo(id, sent) {
      videoId = id;
      saved = { ...sent, sharing: NOBODY };
      shares.belongsTo(id);
      saveSoon();
    },
  };
}
