import { h } from "../../base/dom.js";
import { store, stored } from "../../base/storage.js";
import { captionLabel } from "../words/labels.js";

const KEY = "videos.captions";

/** The captions of a <video>; which language is shown is remembered on this device. */
export class Captions {
  #video;
  #tracks = [];

  constructor(video) {
    this.#video = video;
  }

  /** Offer `[{language, label, url}]` in place of what was there. */
  offer(captions) {
    const same = JSON.stringify(captions) === JSON.stringify(this.offered);
    if (same) return;
    this.offered = captions;
    for (const track of this.#tracks) track.remove();
    this.#tracks = captions.map((one) =>
      h("track", {
        kind: "captions",
        srclang: one.language,
        label: captionLabel(one),
        src: one.url,
      }),
    );
    this.#video.append(...this.#tracks);
    const wanted = stored(KEY);
    this.show(captions.some((one) => one.language === wanted) ? wanted : null, { keep: false });
  }

  offered = [];
  shown = null;

  /** Show one language, or none for null. */
  show(language, { keep = true } = {}) {
    this.shown = language;
    for (const track of this.#tracks) {
      track.track.mode = track.srclang === language ? "showing" : "disabled";
    }
    if (keep) store(KEY, language);
  }

  /** The next language, or none after the last. */
  next() {
    const choices = [null, ...this.offered.map((one) => one.language)];
    this.show(choices[(choices.indexOf(this.shown) + 1) % choices.length]);
    return this.offered.find((one) => one.language === this.shown)?.label ?? null;
  }
}
