import { currentAccount } from "../base/account.js";
import { api } from "../base/api.js";
import { store, stored } from "../base/storage.js";
import { videoPath } from "./addresses.js";

// Where somebody stopped: of whoever is signed in the server keeps it, for that person alone, so that
// they go on at any device; of others, and while the server cannot be reached, this browser does.

const KEY = "videos.watched";
const MOST = 200;
const FIRST_S = 5;
const REST_S = 15;
const TOLD_MS = 15_000;
const STILL_MS = 1_000;
const JUMP_S = 5;
const FASTEST = 3; // seconds of a film in one

const theirs = new Map();

const isOver = (at, of) => at > of - Math.min(REST_S, of / 10);

async function hasAccount() {
  return Boolean((await currentAccount())?.accountId);
}

function kept() {
  const value = stored(KEY);
  return value && typeof value === "object" ? value : {};
}

/**
 * How far somebody watched a video: `{at, of, over}` in seconds; null when they did not, as far as
 * is known. `over` tells that it was watched to the end.
 */
export function watched(id) {
  const entry = theirs.get(String(id)) ?? kept()[id];
  return Number.isFinite(entry?.at) && entry.of > 0 ? entry : null;
}

function learn({ video_id: id, at, of }) {
  theirs.set(String(id), { at, of, over: isOver(at, of) });
}

/** Learn how far whoever is signed in watched the videos they watched last, before `watched` tells. */
export async function knowWatched() {
  if (!(await hasAccount())) return;
  const { positions } = await api.get("/api/gallery/positions").catch(() => ({ positions: [] }));
  positions.forEach(learn);
}

/** The same of one video; `key` is that of the link they have. */
export async function knowWatchedOf(id, key) {
  if (!(await hasAccount())) return;
  const query = key ? { key } : undefined;
  const found = await api.get(`${videoPath(id)}/position`, { query }).catch(() => null);
  if (found?.position) learn(found.position);
}

function noteHere(id, at, of) {
  const entries = Object.entries({ ...kept(), [id]: { at, of, over: isOver(at, of), when: Date.now() } });
  entries.sort(([, a], [, b]) => b.when - a.when);
  store(KEY, Object.fromEntries(entries.slice(0, MOST)));
}

/**
 * What notes where somebody is in a video: `note(at, of, {paused, leaving})` in seconds. The server is
 * told every some seconds, after a jump, once they stopped and when they leave the page.
 */
export function watchNotes(id, key) {
  let told = { at: -Infinity, when: 0 };
  let account = false;
  let later = 0;
  hasAccount().then((has) => (account = has));

  function tell(at, of, leaving = false) {
    clearTimeout(later);
    told = { at, when: Date.now() };
    const options = { query: key ? { key } : undefined, keepalive: leaving, stays: true };
    api
      .put(`${videoPath(id)}/position`, { at: Math.min(at, of), of }, options)
      .catch(() => noteHere(id, at, of));
  }

  return function note(at, of, { paused = false, leaving = false } = {}) {
    if (!(of > 0) || at < FIRST_S) return;
    if (!account) {
      noteHere(id, at, of);
      return;
    }
    if (at === told.at) return;
    const since = Date.now() - told.when;
    const jumped = Math.abs(at - told.at) > JUMP_S + (FASTEST * since) / 1000;
    if (leaving || since >= TOLD_MS || (jumped && since >= STILL_MS)) tell(at, of, leaving);
    else if (paused || jumped) {
      // What is said of the time after this, as when a pause begins, does not take it back.
      clearTimeout(later);
      later = setTimeout(() => tell(at, of), STILL_MS);
    }
  };
}
