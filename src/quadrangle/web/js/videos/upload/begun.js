import { store, stored } from "../../base/storage.js";

// What this browser has begun to upload, so that a visit later on finds its way back:
// by fingerprint `{uploadId, name, title, visibility, sharing, at}`.

const KEY = "videos.uploading";
const KEPT_MS = 14 * 24 * 3600 * 1000;

function all() {
  const now = Date.now();
  const entries = Object.entries(stored(KEY) ?? {}).filter(([, one]) => now - one.at < KEPT_MS);
  return Object.fromEntries(entries);
}

/** What was kept of the file with this fingerprint, or null. */
export const begun = (fingerprint) => all()[fingerprint] ?? null;

/** The fingerprint of the file that an upload is of, where it was begun here; else null. */
export function fingerprintOfUpload(uploadId) {
  const found = Object.entries(all()).find(([, one]) => one.uploadId === uploadId);
  return found?.[0] ?? null;
}

export function keepBegun(fingerprint, values) {
  const entries = all();
  entries[fingerprint] = { ...entries[fingerprint], ...values, at: Date.now() };
  store(KEY, entries);
}

export function forgetBegun(fingerprint) {
  const { [fingerprint]: gone, ...others } = all();
  if (gone) store(KEY, others);
}
