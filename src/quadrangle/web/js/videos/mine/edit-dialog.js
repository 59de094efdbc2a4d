import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms/forms.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { videoPath } from "../addresses.js";
import { visibilityField } from "../fields.js";
import { sharingField } from "../sharing/field.js";
import { texts as common } from "../texts.js";
import { texts } from "./texts.js";

const words = texts.form;

/** Edit title, description and visibility. Resolves to the video as it is then, or null. */
export function editDialog(video) {
  const title = h("input", { type: "text", maxlength: 255, value: video.title, dir: "auto" });
  const description = h("textarea", { maxlength: 5000, value: video.description, dir: "auto" });
  const sees = visibilityField(video.visibility, { names: true, narrow: video.of_meeting });
  const down = video.taken_down; // who sees it is not its owner's to say until it is given back
  const sharing = video.of_meeting || down ? null : sharingField(video, sees.select);
  return formDialog(
    {
      title: words.title,
      submit: words.save,
      cancel: words.cancel,
      async save() {
        await sharing?.save();
        return api.put(videoPath(video.id), {
          title: title.value,
          description: description.value,
          ...(down ? {} : { visibility: sees.select.value }),
        });
      },
    },
    field(title, { name: "title", label: common.title }),
    field(description, { name: "description", label: words.description, optional: true }),
    down ? h("p", { class: "soft" }, common.takenDown.lead) : sees.element,
    sharing?.element,
    video.of_meeting && h("p", { class: "soft small" }, words.ofMeeting),
  );
}
