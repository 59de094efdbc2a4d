import { api } from "../../base/api.js";
import { announce, h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { copyButton } from "../../parts/copy.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { manageAddress, videoPath, watchAddress, watchLink } from "../addresses.js";
import { clock, size } from "../amounts.js";
import { progressWords, statusBadge, visibilityBadge } from "../badges.js";
import { videoPicture } from "../card.js";
import { takenDownNotice } from "../taken-down.js";
import { texts as common } from "../texts.js";
import { editDialog } from "./edit-dialog.js";
import { texts as words } from "./texts.js";

function act(iconName, label, work, className = "button quiet") {
  const button = h("button", { type: "button", class: className }, icon(iconName), label);
  button.addEventListener("click", () =>
    busy(button, () => Promise.resolve(work()).catch((error) => toast(error.message))),
  );
  return button;
}

const isMade = ({ status }) => status === "ready" || status === "failed";

/** What has become of a video, under its title. */
function standing(video, onBack) {
  if (video.status === "failed") {
    return h("p", { class: "video-failure" }, video.failure);
  }
  if (!isMade(video)) {
    const label = words.bar(video.title);
    return [
      h("p", { class: "soft" }, progressWords(video.progress)),
      h("progress", { class: "bar", max: 100, value: video.progress?.percent ?? 0, "aria-label": label }),
    ];
  }
  return [takenDownNotice(video, onBack), video.notice && h("p", { class: "soft" }, video.notice)];
}

function facts(video) {
  return h(
    "p",
    { class: "row video-facts soft small" },
    statusBadge(video.status),
    visibilityBadge(video.visibility),
    h("span", {}, timeElement(video.created_at)),
    video.status === "ready" && h("span", {}, common.views(video.views)),
    h(
      "span",
      {},
      video.duration ? words.size(clock(video.duration), size(video.file_size)) : size(video.file_size),
    ),
  );
}

/**
 * One of one's own videos with what can be done with it. `onChange(video)` gets it as it is after a
 * change, `onGone(video)` is called once it is deleted.
 */
export function mineRow(video, { onChange, onGone }) {
  const plays = video.status === "ready" || video.progress?.playable;

  async function edit() {
    const edited = await editDialog(video);
    if (!edited) return;
    announce(words.form.saved);
    onChange(edited);
  }

  async function retry() {
    onChange(await api.post(`${videoPath(video.id)}/retry`, {}));
    announce(words.retried);
  }

  async function remove() {
    const text = words.removeSure(video.title);
    if (!(await confirmDialog({ text, yes: words.removeYes, no: words.removeNo }))) return;
    await api.delete(videoPath(video.id));
    onGone(video);
    toast(words.removed);
  }

  async function relink() {
    const { sure: text, yes, no, made } = words.link;
    if (!(await confirmDialog({ text, yes, no }))) return;
    onChange(await api.post(`${videoPath(video.id)}/link`, {}));
    toast(made);
  }

  return h(
    "li",
    { class: "mine-row", dataset: { id: video.id } },
    videoPicture(video),
    h(
      "div",
      { class: "stack tight mine-text" },
      h(
        "h2",
        { class: "video-name" },
        plays ? h("a", { href: watchAddress(video), dir: "auto" }, video.title) : h("span", { dir: "auto" }, video.title),
      ),
      facts(video),
      standing(video, onChange),
      h(
        "div",
        { class: "row mine-actions" },
        act("pencil", words.edit, edit),
        h("a", { class: "button quiet", href: manageAddress(video) }, icon("settings"), words.manage),
        video.can_retry && act("rotate-ccw", words.retry, retry),
        video.visibility !== "private" &&
          copyButton(common.copyLink, () => watchLink(video), words.copied),
        video.visibility === "unlisted" && act("refresh-cw", words.link.new, relink),
        act("trash-2", words.remove, remove),
      ),
    ),
  );
}
