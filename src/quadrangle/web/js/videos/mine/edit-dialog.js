import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { field } from "../../parts/forms.js";
import { formDialog } from "../../parts/form-dialog.js";
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
  const sharing = video.of_meeting ? null : sharingField(video, sees.select);
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
          visibility: sees.select.value,
        });
      },
    },
    field(title, { name: "title", label: common.title }),
    field(description, { name: "description", label: words.description, optional: true }),
    sees.element,
    sharing ? sharing.element : h("p", { class: "soft small" }, words.ofMeeting),
  );
}
