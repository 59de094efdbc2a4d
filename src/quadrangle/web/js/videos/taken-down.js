import { isStaff, rememberedAccount } from "../base/account.js";
import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { toast } from "../parts/overlays/toast.js";
import { videoPath } from "./addresses.js";
import { texts } from "./texts.js";

const words = texts.takenDown;

/**
 * What stands at a video that staff took down, for its owner and for staff, who can give it back:
 * `onBack(video)` gets it as it is then. Null for a video that is not taken down.
 */
export function takenDownNotice(video, onBack) {
  if (!video.taken_down) return null;
  return h(
    "div",
    { class: "notice urgent taken-down" },
    icon("eye-off"),
    h(
      "div",
      { class: "stack tight" },
      h("p", {}, words.lead),
      h("p", {}, words.why, " ", h("span", { dir: "auto" }, video.taken_down)),
    ),
    isStaff(rememberedAccount()) && giveBack(video, onBack),
  );
}

function giveBack(video, onBack) {
  const button = h("button", { type: "button", class: "button" }, icon("undo-2"), words.giveBack);
  button.addEventListener("click", () =>
    busy(button, async () => {
      try {
        onBack(await api.post(`${videoPath(video.id)}/give-back`, {}));
        toast(words.given);
      } catch (error) {
        toast(error.message);
      }
    }),
  );
  return button;
}
