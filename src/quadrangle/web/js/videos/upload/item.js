import { api } from "../../base/api.js";
import { announce, h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { TUS, uploadPath, watchAddress } from "../addresses.js";
import { lasting, size } from "../amounts.js";
import { forgetBegun, keepBegun } from "./begun.js";
import { detailsForm } from "./details.js";
import { forgetHandle } from "./handles.js";
import { followMaking } from "./making.js";
import { actionButton, uploadRow } from "./row.js";
import { PartSending } from "./parts.js";
import { Sending } from "./sending.js";
import { speedometer } from "./speed.js";
import { texts as words } from "./texts.js";

const TOLD_MS = 400;

const percentOf = (sent, whole) => (whole ? Math.floor((sent / whole) * 100) : 0);

/**
 * One upload on the page, from its file to a video that is ready. `way` is how the server takes
 * bytes: by "tus", or in "parts" that go past it. `onSettled()` is called when it
 * no longer sends, `onGone()` when it was removed.
 */
export class UploadItem {
  #speed = speedometer();
  #told = 0;
  #stopFollowing = () => {};

  constructor({ file, way, accountId, title, visibility, sharing, onSettled, onGone, onResume }) {
    Object.assign(this, { file, onSettled, onGone, onResume });
    this.whole = file.size;
    this.sent = 0;
    this.metadata = { title, filename: file.name, visibility };
    const Way = way === "parts" ? PartSending : Sending;
    this.sending = new Way(file, {
      accountId,
      metadata: this.metadata,
      onAddress: (uploadId) => keepBegun(this.fingerprint, { uploadId }),
      onProgress: (sent) => this.#progress(sent),
      onLost: () => this.#lost(),
      onFault: (sentence, status) => this.#fault(sentence, status),
      onArrived: (uploadId) => this.#arrived(uploadId),
    });
    this.fingerprint = this.sending.fingerprint;
    this.details = detailsForm({ title, visibility, sharing }, (values) =>
      keepBegun(this.fingerprint, values),
    );
    this.row = uploadRow(file.name, this.details.element, {
      pause: () => this.pause(),
      resume: () => this.onResume(this),
      remove: () => this.remove(),
    });
    keepBegun(this.fingerprint, { name: file.name, title, visibility });
    this.state = "waiting";
    this.row.show({ text: words.state.waiting, part: 0 });
  }

  get element() {
    return this.row.element;
  }

  get sends() {
    return this.state === "sending";
  }

  start() {
    this.state = "sending";
    this.#speed.forget();
    this.row.show({ text: words.state.starting, part: this.#part(), shown: ["pause", "remove"] });
    return this.sending.start();
  }

  async pause() {
    this.state = "paused";
    const text = words.state.paused(percentOf(this.sent, this.whole), size(this.whole));
    this.row.show({ text, part: this.#part(), shown: ["resume", "remove"] });
    await this.sending.pause();
    this.onSettled();
  }

  async remove() {
    if (this.state === "sending" || this.state === "paused") {
      const text = words.removeSure(this.file.name);
      if (!(await confirmDialog({ text, yes: words.removeYes, no: words.removeNo }))) return;
    }
    this.#stopFollowing();
    const arrived = this.state === "made";
    this.state = "gone";
    await this.sending.pause();
    const { uploadId } = this.sending;
    if (uploadId && !arrived) await api.delete(uploadPath(uploadId), TUS).catch(() => {});
    this.#forget();
    this.onGone(this);
    this.onSettled();
  }

  #part() {
    return this.whole ? this.sent / this.whole : 0;
  }

  #progress(sent) {
    this.sent = sent;
    const left = this.#speed.secondsLeft(sent, this.whole);
    const now = performance.now();
    if (this.state !== "sending" || (now - this.#told < TOLD_MS && sent < this.whole)) return;
    this.#told = now;
    const [percent, whole] = [percentOf(sent, this.whole), size(this.whole)];
    const text =
      left === null
        ? words.state.sending(percent, whole)
        : words.state.sendingFor(percent, whole, lasting(left));
    this.row.show({ text, part: this.#part(), shown: ["pause", "remove"] });
  }

  #lost() {
    const percent = percentOf(this.sent, this.whole);
    const text = navigator.onLine ? words.state.lost(percent) : words.state.offline(percent);
    this.#speed.forget();
    this.row.show({ text, part: this.#part(), tone: "progress", shown: ["pause", "remove"] });
  }

  #fault(sentence) {
    this.state = "fault";
    const again = actionButton(words.retry, () => this.onResume(this));
    this.row.show({ text: sentence, tone: "urgent", buttons: [again] });
    announce(sentence);
    this.onSettled();
  }

  async #arrived(uploadId) {
    this.state = "made";
    this.sent = this.whole;
    this.row.show({ text: words.state.arrived, shown: [] });
    announce(words.arrivedTold(this.file.name));
    this.onSettled();
    this.#stopFollowing = followMaking(uploadId, {
      onVideo: (videoId) => {
        this.details.belongsTo(videoId, {
          title: this.metadata.title,
          visibility: this.metadata.visibility,
        });
        this.#forget();
      },
      onStep: (step) => this.#made(step),
    });
  }

  #made({ text, part = null, tone, video, watch }) {
    const link =
      watch && h("a", { class: "button primary", href: watchAddress({ id: video.id }) }, watch);
    this.row.show({ text, part, tone, shown: [], buttons: link ? [link] : [] });
    if (video?.status === "ready") announce(words.readyTold(this.file.name));
  }

  #forget() {
    forgetBegun(this.fingerprint);
    forgetHandle(this.fingerprint);
  }
}
