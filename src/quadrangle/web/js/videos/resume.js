import { store, stored } from "../base/storage.js";

// Where somebody stopped is kept in this browser only: nobody else learns what they watched.

const KEY = "videos.watched";
const MOST = 200;
const FIRST_S = 5;
const REST_S = 15;

function kept() {
  const value = stored(KEY);
  return value && typeof value === "object" ? value : {};
}

/**
 * How far this browser watched a video: `{at, of, over}` in seconds; null when it did not. `over`
 * tells that it was watched to the end.
 */
export function watched(id) {
  const entry = kept()[id];
  return Number.isFinite(entry?.at) && entry.of > 0 ? entry : null;
}

/** Note that a video of `of` seconds is at second `at`. */
export function noteWatched(id, at, of) {
  if (!(of > 0) || at < FIRST_S) return;
  const over = at > of - Math.min(REST_S, of / 10);
  const entries = Object.entries({ ...kept(), [id]: { at, of, over, when: Date.now() } });
  entries.sort(([, a], [, b]) => b.when - a.when);
  store(KEY, Object.fromEntries(entries.slice(0, MOST)));
}
