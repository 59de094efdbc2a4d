import { credentials, send } from "./http.js";
import { store, stored } from "./storage.js";

// Keeps the sign-in of this browser going. The cookies that hold it cannot be read here: what can
// be is a marker beside them, and what we noted of when the short one runs out.

const MARKER = "quadrangle_signed_in";
const LOCK = "quadrangle.refresh";
const IN_TIME_MS = 30_000; // a call is not begun with less than this left
const NOTED_MS = 250; // storage that a tab wrote reaches the others a moment after its lock is free
const AHEAD_MS = 60_000; // a page that is looked at renews this long before the end

let elsewhere = false; // an API on another site: its marker cannot be read here
let noted = 0; // in case storage is blocked
let running = null;
let timer = 0;

/** When the short cookie runs out, in ms since 1970; 0 where that is not known. */
export function freshUntil() {
  return Math.max(noted, Number(stored("freshUntil", 0)));
}

function marker() {
  const begin = `${MARKER}=`;
  const found = document.cookie.split(/;\s*/).find((one) => one.startsWith(begin));
  return found?.slice(begin.length) ?? "";
}

/**
 * Which tokens the cookies hold, as a text that is another one after each renewal. It comes with
 * them, so all tabs see it at once; where the marker cannot be read, what was noted must do.
 */
export function tokensHeld() {
  return marker() || (elsewhere ? String(freshUntil()) : "");
}

/** Tell whether this browser is signed in, as far as can be seen from here. */
export function isSignedIn() {
  return marker() !== "" || (elsewhere && stored("account") !== null);
}

// Once signed in, what this page does is done as that person or not at all.
let mine = isSignedIn();
credentials().then((mode) => {
  elsewhere = mode === "include";
  mine ||= isSignedIn();
});

/** Note a new access cookie that lives `expiresIn` seconds. */
export function sessionBegun({ expiresIn }) {
  mine = true;
  noted = Date.now() + expiresIn * 1000;
  store("freshUntil", noted);
  renewAhead();
}

/** Forget what was noted of the sign-in. */
export function sessionEnded() {
  noted = 0;
  store("freshUntil", null);
  store("account", null);
}

async function refresh(seen) {
  if (isSignedIn() && tokensHeld() !== seen) return true; // another tab was first
  try {
    sessionBegun(await send("POST", "/api/accounts/refresh", { body: {} }));
    return true;
  } catch (error) {
    if (error.status !== 401) throw error;
    sessionEnded();
    return false;
  }
}

/**
 * Do `work` in one tab at a time. A tab that waited, and sees no marker, first lets what the other
 * noted arrive.
 */
async function oneAtATime(work) {
  const { locks } = navigator;
  if (!locks) return work();
  const first = async (lock) => (lock ? { result: await work() } : null);
  const done = await locks.request(LOCK, { ifAvailable: true }, first);
  if (done) return done.result;
  return locks.request(LOCK, async () => {
    if (elsewhere) await new Promise((resolve) => setTimeout(resolve, NOTED_MS));
    return work();
  });
}

/**
 * Renew the sign-in, once for all tabs: not where it was renewed since `tokensHeld()` was `seen`.
 * False when it has ended. Throws ApiError when the server cannot be asked. Where there are no
 * locks (a page without TLS) the server gives tabs that ask at the same time the same answer.
 */
export function renew(seen = tokensHeld()) {
  running ??= oneAtATime(() => refresh(seen)).finally(() => {
    running = null;
  });
  return running;
}

/** Renew before a call where it is time to. False when this page was signed in and no longer is. */
export async function keepSession() {
  if (!isSignedIn()) return !mine;
  mine = true;
  return freshUntil() - Date.now() > IN_TIME_MS || renew();
}

function renewAhead() {
  clearTimeout(timer);
  if (!isSignedIn() || document.hidden) return;
  const left = freshUntil() - AHEAD_MS - Date.now();
  if (left <= 0) renew().catch(() => {}); // the next call tells
  else timer = setTimeout(renewAhead, left);
}

document.addEventListener("visibilitychange", renewAhead);
if (freshUntil()) renewAhead();
