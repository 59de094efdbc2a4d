import { address, credentials } from "../../base/api.js";
import { keepSession, renew } from "../../base/session.js";
import { texts } from "./texts.js";

const LIBRARY = "../../../vendor/tus/tus.min.js";
const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 20_000];
const PASSING = new Set([0, 408, 409, 423, 425, 429, 460, 500, 502, 504]);

/** The library that sends; a page asks for it ahead, as the line may be gone when it is wanted. */
export async function library() {
  if (!globalThis.tus) await import(LIBRARY);
  return globalThis.tus;
}

/** What tells one file of one account from others, across visits. */
export function fingerprintOf(file, accountId) {
  return ["quadrangle", accountId, file.name, file.size, file.lastModified].join("/");
}

function statusOf(error) {
  return error.originalResponse?.getStatus() ?? 0;
}

/** The sentence of a fault: the server's own where it gave one. */
function sentenceOf(error) {
  const status = statusOf(error);
  if (status === 401) return texts.faults.ended;
  try {
    const body = JSON.parse(error.originalResponse.getBody());
    return body.errors?.[0]?.message ?? body.message;
  } catch {
    return status ? texts.faults.server(status) : texts.faults.unreadable;
  }
}

/** Whether the file can still be read: one that was moved or changed fails like a lost line. */
export async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/**
 * One file on its way to the server, by tus. Told of what happens: `onProgress(sent, whole)` in
 * bytes, `onAddress(uploadId)`, `onLost()` while it tries again by itself, `onFault(sentence,
 * status)` when it does not, `onArrived(uploadId)`.
 */
export class Sending {
  #upload = null;
  #failures = 0;
  #timer = 0;
  #stopped = false;
  #naming = null; // settles once the server has named the upload, or has not
  #named = () => {};
  #online = () => this.#again();

  constructor(file, { accountId, metadata, ...on }) {
    Object.assign(this, { file, metadata, on });
    this.fingerprint = fingerprintOf(file, accountId);
  }

  /** Begin, or go on from what the server has. */
  async start() {
    this.#stopped = false;
    try {
      this.#upload ??= await this.#made();
    } catch {
      this.#halt();
      return this.on.onFault(texts.faults.library, 0);
    }
    if (this.#stopped) return undefined;
    addEventListener("online", this.#online);
    if (this.#naming) return undefined; // it goes on by itself
    if (!this.#upload.url) this.#naming = new Promise((done) => (this.#named = done));
    return this.#upload.start();
  }

  /** Stop for now; what has arrived is kept. */
  async pause() {
    this.#halt();
    // an upload that is not waited for would stay on the server without a way to it
    await this.#naming;
    if (this.#stopped) await this.#upload?.abort();
  }

  #isNamed() {
    this.#naming = null;
    this.#named();
  }

  get uploadId() {
    return this.#upload?.url?.split("/").at(-1) ?? null;
  }

  #halt() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#online);
  }

  async #made() {
    const { Upload } = await library();
    const withCredentials = (await credentials()) === "include";
    const upload = new Upload(this.file, {
      // a whole address: the answer's relative one is resolved against it
      endpoint: new URL(await address("/api/uploads"), location.href).href,
      metadata: this.metadata,
      headers: { "X-Requested-With": "quadrangle" },
      fingerprint: async () => this.fingerprint,
      removeFingerprintOnSuccess: true,
      retryDelays: null, // we do it ourselves, without an end
      onBeforeRequest: async (request) => {
        await keepSession().catch(() => {});
        request.getUnderlyingObject().withCredentials = withCredentials;
      },
      onUploadUrlAvailable: () => {
        this.on.onAddress(this.uploadId);
        this.#isNamed();
      },
      onProgress: (sent, whole) => {
        this.#failures = 0;
        this.on.onProgress(sent, whole);
      },
      onSuccess: () => {
        this.#halt();
        this.on.onArrived(this.uploadId);
      },
      onError: (error) => this.#failed(error),
    });
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    return upload;
  }

  async #failed(error) {
    this.#isNamed();
    if (this.#stopped) return;
    const status = statusOf(error);
    const renewed = status === 401 && this.#failures < 1 && (await renew().catch(() => false));
    const passes = renewed || (PASSING.has(status) && (await isReadable(this.file)));
    if (!passes) {
      this.#halt();
      this.on.onFault(sentenceOf(error), status);
      return;
    }
    if (!renewed) this.on.onLost();
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(this.#online, renewed ? 0 : pause);
  }

  #again() {
    if (this.#stopped || !this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.start();
  }
}
