import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { size } from "../amounts.js";
import { Sending } from "../upload/sending.js";
import { texts } from "./texts.js";

const words = texts.film;

/**
 * Choose a film that takes the place of a video's: `{element}`, a button and how far it is.
 * `onArrived()` is called once all of it is there.
 */
export function replacing(video, onArrived) {
  const input = h("input", { type: "file", class: "visually-hidden", accept: "video/*,audio/*,.mkv" });
  const button = h("label", { class: "button file-button" }, input, icon("upload"), words.replace);
  const text = h("p", { role: "status" });
  const bar = h("progress", { class: "bar", max: 100, value: 0, "aria-label": words.sending, hidden: true });
  const element = h("div", { class: "stack tight" }, h("div", { class: "row" }, button), text, bar);
  let told = -1;

  function progress(sent, whole) {
    const percent = whole ? Math.floor((sent / whole) * 100) : 0;
    if (percent === told) return;
    told = bar.value = percent;
    text.textContent = words.sent(percent, size(whole));
  }

  function stop(sentence) {
    bar.hidden = true;
    input.disabled = false;
    text.textContent = sentence;
  }

  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    input.disabled = true;
    bar.hidden = false;
    progress(0, file.size);
    const sending = new Sending(file, {
      // another upload than the same file as a video of its own
      accountId: `${video.user_id}/${video.id}`,
      metadata: { filename: file.name, replaces: String(video.id) },
      onAddress() {},
      onProgress: progress,
      onLost: () => (text.textContent = words.lost),
      onFault: (sentence) => stop(sentence),
      onArrived() {
        stop(words.arrived);
        onArrived();
      },
    });
    sending.start();
  });
  return { element };
}
