import { api } from "../../base/api.js";
import { store, stored } from "../../base/storage.js";

// Until the server has told: what every installation has.
const PLAIN = { signUp: "invitation", domains: [], issuers: [], pin: true, passkeys: false };

/** The ways to sign in and up as an earlier visit found them, to show at once. */
export function knownOptions() {
  return stored("accountOptions") ?? PLAIN;
}

/** Whether an earlier visit found them. */
export const knowsOptions = () => stored("accountOptions") !== null;

/** The ways to sign in and up. Throws ApiError. */
export async function accountOptions() {
  const options = await api.get("/api/accounts/options", { anyone: true });
  store("accountOptions", options);
  return options;
}
