import { api } from "./api.js";
import { store, stored } from "./storage.js";

const REFRESH_MS = 3600 * 1000;
let asked = null;

/** The account of the last visit, so that the frame stands at once; it opens no doors. */
export function rememberedAccount() {
  return stored("account")?.account ?? null;
}

/** Remember a sign-in on this device; null forgets it. */
export function rememberAccount(account, refreshedAt = Date.now()) {
  store("account", account && { account, refreshedAt });
  asked = null;
}

async function prolong() {
  const kept = stored("account");
  if (!kept || Date.now() - kept.refreshedAt < REFRESH_MS) return;
  await api.post("/api/accounts/refresh").catch(() => {}); // the next question tells
  store("account", { ...kept, refreshedAt: Date.now() });
}

async function ask() {
  await prolong();
  try {
    const account = await api.get("/api/accounts/me");
    store("account", { account, refreshedAt: stored("account")?.refreshedAt ?? Date.now() });
    return account;
  } catch (error) {
    if (error.status === 401) {
      store("account", null);
      return null;
    }
    asked = null;
    throw error;
  }
}

/**
 * Who is signed in, or null. Someone who never signed in on this device is not asked about.
 * When the server cannot be reached it is whoever was signed in last.
 */
export async function currentAccount() {
  if (!rememberedAccount()) return null;
  asked ??= ask();
  return asked.catch(() => rememberedAccount());
}

export function isStaff(account) {
  return account?.role === "staff" || account?.role === "admin";
}

/** The address of the sign-in page that leads back to this one. */
export function signInAddress() {
  const here = location.pathname + location.search;
  return here === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: here })}`;
}

/**
 * The staff account that is signed in. Anyone else is sent to sign in and comes back; the promise
 * then never settles. Throws ApiError when the server cannot be asked.
 */
export async function requireStaff() {
  asked ??= ask();
  const account = await asked;
  if (isStaff(account)) return account;
  location.replace(signInAddress());
  return new Promise(() => {});
}

export async function signOut() {
  await api.post("/api/accounts/sign-out");
  rememberAccount(null);
}
