import { api } from "../../base/api.js";
import { announce, append, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath, watchAddress } from "../addresses.js";
import { statusBadge } from "../badges.js";
import { videoPicture } from "../card.js";
import { texts } from "./texts.js";

const words = texts.order;

function orderButton(name, label, mark, disabled, work) {
  const button = iconButton(name, label);
  button.disabled = disabled;
  button.dataset[mark] = "";
  button.addEventListener("click", () =>
    busy(button, () => work().catch((error) => toast(error.message))),
  );
  return button;
}

/** A box to say that one has seen a video; nobody else is told. */
function seenBox(item, onMark) {
  const { video } = item;
  const box = h("input", { type: "checkbox", checked: item.seen, "aria-label": texts.course.markSeen(video.title) });
  box.addEventListener("change", async () => {
    try {
      await api.put(`${videoPath(video.id)}/seen`, { seen: box.checked });
      onMark(item, box.checked);
      announce(box.checked ? texts.course.marked(video.title) : texts.course.unmarked(video.title));
    } catch (error) {
      box.checked = item.seen;
      toast(error.message);
    }
  });
  return h("label", { class: "check seen-box" }, box, h("span", { "aria-hidden": "true" }, texts.course.seen));
}

/** Told of what others do not see though it is in the course. */
function hiddenNote(video, onShared) {
  const hidden = { private: words.hidden, unlisted: words.unlisted }[video.visibility];
  if (!hidden || !video.mine) return null;
  const share = h("button", { type: "button", class: "button small" }, words.share);
  share.addEventListener("click", () =>
    busy(share, () =>
      api
        .put(videoPath(video.id), { visibility: "shared" })
        .then(onShared, (error) => toast(error.message)),
    ),
  );
  return h("p", { class: "row small hidden-note" }, icon("eye-off"), h("span", {}, hidden), share);
}

/** A video of a course in its place, with what can be done with it there. */
export function itemRow(item, { course, index, arranging, marks, onMark, onMove, onTakeOff, onShared }) {
  const { video } = item;
  const plays = video.status === "ready" || video.progress?.playable;
  const title = plays
    ? h("a", { href: watchAddress({ ...video, course: course.id }), dir: "auto" }, video.title)
    : h("span", { dir: "auto" }, video.title);
  const row = h(
    "li",
    { class: "course-item", dataset: { id: video.id } },
    h("span", { class: "course-number soft", "aria-hidden": "true" }, String(index + 1)),
    videoPicture(video),
    h(
      "div",
      { class: "stack tight course-text" },
      h("h2", { class: "video-name" }, title),
      video.status !== "ready" && h("p", {}, statusBadge(video.status)),
      course.mine && hiddenNote(video, (fresh) => onShared(index, fresh)),
    ),
  );
  const last = course.items.length - 1;
  const ends = h("div", { class: "row course-ends" });
  if (arranging) {
    append(
      ends,
      orderButton("arrow-up", words.up(video.title), "up", index === 0, () => onMove(index, -1)),
      orderButton("arrow-down", words.down(video.title), "down", index === last, () => onMove(index, 1)),
      orderButton("x", words.off(video.title), "off", false, () => onTakeOff(index)),
    );
  } else if (marks) append(ends, seenBox(item, onMark));
  return append(row, ends);
}
