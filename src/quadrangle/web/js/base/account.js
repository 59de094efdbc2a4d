import { api, credentials } from "./api.js";
import { isSignedIn, sessionBegun, sessionEnded } from "./session.js";
import { signInAddress } from "./sign-in-address.js";
import { store, stored } from "./storage.js";

export { signInAddress } from "./sign-in-address.js";

let asked = null;

/** The account of the last visit, so that the frame stands at once; it opens no doors. */
export function rememberedAccount() {
  return stored("account")?.account ?? null;
}

/** Remember who is signed in, as `GET /api/accounts/me` tells; the frame shows it. */
export function rememberAccount(account) {
  store("account", { account });
  asked = Promise.resolve(account);
  document.dispatchEvent(new CustomEvent("accountchange"));
}

/** Forget the sign-in, once the server has ended it. */
export function forgetAccount() {
  sessionEnded();
  asked = Promise.resolve(null);
  document.dispatchEvent(new CustomEvent("accountchange"));
}

/** Go on as who an answer of a sign-in call says; returns the account. */
export async function signedIn(answer) {
  sessionBegun(answer);
  rememberAccount(await api.get("/api/accounts/me"));
  return rememberedAccount();
}

async function ask() {
  try {
    const account = await api.get("/api/accounts/me", { stays: true });
    store("account", { account });
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
 * Who is signed in, or null. When the server cannot be reached it is whoever was signed in last.
 */
export async function currentAccount() {
  await credentials(); // until then it is not known whether the marker can be read
  if (!isSignedIn()) {
    if (rememberedAccount()) store("account", null);
    return null;
  }
  asked ??= ask();
  return asked.catch(() => rememberedAccount());
}

/** True for staff whose role counts: one that must have a second factor waits for it. */
export function isStaff(account) {
  return (account?.role === "staff" || account?.role === "admin") && !account.needsSecondFactor;
}

async function require(fits) {
  asked ??= ask();
  const account = await asked;
  if (fits(account)) return account;
  location.replace(account?.needsSecondFactor ? "/account#two-factor" : signInAddress());
  return new Promise(() => {});
}

/**
 * The staff account that is signed in. Anyone else is sent to sign in and comes back; the promise
 * then never settles. Throws ApiError when the server cannot be asked.
 */
export function requireStaff() {
  return require(isStaff);
}

/** Whoever is signed in, the staff PIN too; else as `requireStaff`. */
export function requireSignedIn() {
  return require(Boolean);
}

export async function signOut() {
  await api.post("/api/accounts/sign-out", undefined, { anyone: true });
  forgetAccount();
}
