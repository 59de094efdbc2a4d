import { api } from "../../base/api.js";
import { uploadPath } from "../addresses.js";
import { begun } from "./begun.js";
import { fingerprintOf, isReadable } from "./sending.js";
import { texts } from "./texts.js";

const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 20_000];

/** What a part's address is signed for: its SHA-256 in base64. */
async function checksumOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest));
}

/**
 * One file on its way in parts, each to an address of its own past the server. Used and telling like
 * `Sending` (sending.js); what has arrived the server knows by whole parts.
 */
export class PartSending {
  #upload = null; // {uploadId, size, partSize} as the server has it
  #failures = 0;
  #round = 0; // grows with each start and pause: what an earlier one does is void
  #leaving = null;

  constructor(file, { accountId, metadata, ...on }) {
    Object.assign(this, { file, metadata, on });
    this.fingerprint = fingerprintOf(file, accountId);
  }

  get uploadId() {
    return this.#upload?.uploadId ?? null;
  }

  /** Begin, or go on from what the server has. */
  async start() {
    this.#round += 1;
    const round = this.#round;
    while (round === this.#round) {
      try {
        if (await this.#send(round)) return this.on.onArrived(this.uploadId);
      } catch (error) {
        if (round !== this.#round) return undefined;
        if (!(await this.#waits(error))) return this.on.onFault(sentenceOf(error), error.status ?? 0);
      }
    }
    return undefined;
  }

  /** Stop for now; the parts that have arrived are kept. */
  async pause() {
    this.#round += 1;
    this.#leaving?.abort();
  }

  /** Tell whether to try once more, having waited: until the line may be back. */
  async #waits(error) {
    const passes = error.passing || error.status === 403 || error.status === 409;
    if (!passes || !(await isReadable(this.file))) return false;
    this.on.onLost();
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    this.#failures += 1;
    await new Promise((done) => {
      const timer = setTimeout(done, pause);
      addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
    });
    return true;
  }

  /** Send what is missing. Returns true once all of it is a video, false when it was stopped. */
  async #send(round) {
    let { offset, videoId } = await this.#known();
    while (videoId === null && offset < this.file.size) {
      if (round !== this.#round) return false;
      await this.#sendPart(offset, round);
      if (round !== this.#round) return false;
      this.#failures = 0;
      offset = Math.min(offset + this.#upload.partSize, this.file.size);
      this.on.onProgress(offset, this.file.size);
    }
    if (videoId === null) await api.post(`${uploadPath(this.uploadId)}/complete`, {}, { stays: true });
    return round === this.#round;
  }

  /** What the server has of the file; a new upload where it knows none. */
  async #known() {
    const earlier = this.uploadId ?? begun(this.fingerprint)?.uploadId;
    if (earlier) {
      const found = await api.get(uploadPath(earlier)).catch((error) => {
        if (error.status !== 404) throw error;
        return null;
      });
      if (found && found.size === this.file.size && found.partSize) {
        this.#upload = found;
        return found;
      }
    }
    const asked = { size: this.file.size, ...this.metadata };
    this.#upload = await api.post("/api/uploads", asked, { stays: true });
    this.on.onAddress(this.uploadId);
    return { offset: 0, videoId: null };
  }

  async #sendPart(offset, round) {
    const part = this.file.slice(offset, offset + this.#upload.partSize);
    const number = offset / this.#upload.partSize + 1;
    const checksum = await checksumOf(await part.arrayBuffer());
    const asked = { parts: [{ number, checksum }] };
    const path = `${uploadPath(this.uploadId)}/parts`;
    const { parts } = await api.post(path, asked, { stays: true });
    if (round !== this.#round) return;
    this.#leaving = new AbortController();
    await api.deliver({ ...parts[0], method: "PUT" }, part, {
      signal: this.#leaving.signal,
      onProgress: (sent) => this.on.onProgress(offset + sent * part.size, this.file.size),
    });
  }
}

function sentenceOf(error) {
  if (error.status === 401) return texts.faults.ended;
  if (error.status === undefined) return texts.faults.unreadable; // of the browser, not of a server
  return error.errors?.[0]?.message ?? error.message;
}
