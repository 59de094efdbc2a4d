import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath } from "../addresses.js";
import { clock, size } from "../amounts.js";
import { progressWords } from "../badges.js";
import { part } from "./part.js";
import { replacing } from "./replacing.js";
import { texts } from "./texts.js";

const words = texts.film;
const FRESH_MS = 3_000;

function facts(video) {
  const length = video.is_cut
    ? words.cutTo(clock(video.duration), clock(video.uploaded_duration))
    : words.length(clock(video.duration));
  return h("p", { class: "soft" }, `${length} ${words.uploaded(size(video.file_size))}`);
}

function makingNotice(video) {
  return h(
    "div",
    { class: "notice progress" },
    icon("hourglass"),
    h("p", { role: "status" }, words.making, " ", progressWords(video.progress)),
    h("progress", {
      class: "bar manage-bar",
      max: 100,
      value: video.progress?.percent ?? 0,
      "aria-label": words.making,
    }),
  );
}

function failure(video) {
  return h(
    "div",
    { class: "notice urgent" },
    icon("triangle-alert"),
    h("p", {}, words.notMade, " ", video.edit_failure),
  );
}

function button(iconName, label, work) {
  const element = h("button", { type: "button", class: "button" }, icon(iconName), label);
  element.addEventListener("click", () =>
    busy(element, () => Promise.resolve(work()).catch((error) => toast(error.message))),
  );
  return element;
}

/** The film of a video: cut, brought back, replaced. `onChange(video)` gets it once it is another. */
export function filmPart(video, onChange) {
  const place = h("div", { class: "stack" });

  async function follow() {
    if (!place.isConnected) return;
    const now = await api.get(videoPath(video.id)).catch(() => video);
    if (now.being_edited) {
      show(now);
    } else {
      announce(now.edit_failure ? words.notMade : words.ready);
      onChange(now);
    }
  }

  async function cut(now) {
    const { cutter } = await import("./cutting.js"); // with the player, which few visits need
    const editor = await cutter(now, { onDone: show, onCancel: () => show(now) });
    append(clear(place), editor);
    editor.querySelector("input").focus();
  }

  async function whole(now) {
    const { wholeSure: text, wholeYes: yes, cancel: no } = words;
    if (!(await confirmDialog({ text, yes, no, danger: false }))) return;
    show(await api.put(`${videoPath(now.id)}/film`, { keep: [] }));
  }

  function show(now) {
    append(clear(place), facts(now));
    if (now.being_edited) {
      place.append(makingNotice(now));
      setTimeout(follow, FRESH_MS);
      return;
    }
    if (now.edit_failure) place.append(failure(now));
    if (now.status !== "ready") {
      append(place, h("p", { class: "soft" }, words.later));
      return;
    }
    append(
      place,
      h(
        "div",
        { class: "row" },
        button("scissors", words.cut, () => cut(now)),
        now.is_cut && button("undo-2", words.whole, () => whole(now)),
      ),
      h("p", { class: "soft" }, words.replaceLead),
      replacing(now, follow).element,
    );
  }

  show(video);
  return part("film", words.title, place);
}
