import { api } from "../../base/api.js";
import { announce } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { TUS, uploadPath } from "../addresses.js";
import { size } from "../amounts.js";
import { begun, fingerprintOfUpload, forgetBegun } from "./begun.js";
import { fileOf, forgetHandle, handleOf } from "./handles.js";
import { actionButton, uploadRow } from "./row.js";
import { texts as words } from "./texts.js";

/**
 * An upload that an earlier visit has begun. `onFile(file, kept)` gets its file when that can be
 * read again; `choose()` lets somebody choose it.
 */
export class Unfinished {
  constructor(upload, { onFile, choose, onGone }) {
    Object.assign(this, { upload, onFile, onGone });
    this.fingerprint = fingerprintOfUpload(upload.uploadId);
    this.name = upload.filename || upload.title;
    this.row = uploadRow(this.name, null, { remove: () => this.remove() });
    this.choose = choose;
    this.#show(null);
  }

  get element() {
    return this.row.element;
  }

  /** Go on by itself where the browser still lets the file be read. */
  async revive() {
    const handle = this.fingerprint && (await handleOf(this.fingerprint));
    if (!handle) return;
    const file = await fileOf(handle);
    if (file) this.onFile(file, begun(this.fingerprint));
    else this.#show(handle);
  }

  #show(handle) {
    const { offset, size: whole } = this.upload;
    const facts = [Math.floor((offset / whole) * 100) || 0, size(whole)];
    const part = whole ? offset / whole : 0;
    if (!this.fingerprint) {
      this.row.show({ text: words.state.elsewhere(...facts), part });
      return;
    }
    const goOn = async () => {
      const file = await fileOf(handle, { asks: true });
      if (file) this.onFile(file, begun(this.fingerprint));
      else this.choose();
    };
    const button = handle
      ? actionButton(words.goOn, goOn, "button primary")
      : actionButton(words.chooseAgain, () => this.choose(), "button primary");
    const text = handle ? words.state.allowed(...facts) : words.state.stopped(...facts);
    this.row.show({ text, part, tone: "progress", buttons: [button] });
  }

  async remove() {
    const text = words.removeSure(this.name);
    if (!(await confirmDialog({ text, yes: words.removeYes, no: words.removeNo }))) return;
    try {
      await api.delete(uploadPath(this.upload.uploadId), TUS);
    } catch (error) {
      if (error.status !== 404) return void announce(error.message);
    }
    if (this.fingerprint) {
      forgetBegun(this.fingerprint);
      forgetHandle(this.fingerprint);
    }
    this.onGone(this);
  }
}
