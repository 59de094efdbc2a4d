import { rememberedAccount } from "../base/account.js";
import { store, stored } from "../base/storage.js";

const KEY = "reports";
const MOST = 50;

function kept() {
  const found = stored(KEY, []);
  return Array.isArray(found) ? found.filter((one) => typeof one?.issueId === "string") : [];
}

const whoIsHere = () => rememberedAccount()?.accountId ?? null;

const refusedTo = ({ refused }) => (Array.isArray(refused) ? refused : []);

/**
 * What this browser reported or looked at, newest first: `[{issueId, at, issue, key, by, refused}]`.
 * `key` is what one was sent with by nobody who signed in, and proves that it was sent from here.
 * What somebody looked at signed in is theirs alone (`by`): the next one at this device does not see it.
 * `refused` tells whether it is not to be added to the account of who is here; others may add it.
 */
export function myReports() {
  const me = whoIsHere();
  return kept()
    .filter(({ by }) => !by || by === me)
    .map((one) => ({ ...one, refused: refusedTo(one).includes(me) }));
}

/** Keep a report on the list, with what is known of the issue, so that it shows at once. */
export function rememberReport(issueId, issue = null, key = null) {
  const reports = kept();
  const me = whoIsHere();
  const known = reports.find((one) => one.issueId === issueId);
  const entry = known ?? { issueId, at: new Date().toISOString(), ...(me && { by: me }) };
  if (issue) {
    const { issueType, location, status, createdAt } = issue;
    entry.issue = { issueType, location, status, createdAt };
    entry.at = createdAt;
  }
  if (key && !me) entry.key = key;
  const others = reports.filter((one) => one.issueId !== issueId);
  const newestFirst = [entry, ...others].sort((a, b) => (a.at < b.at ? 1 : -1));
  store(KEY, newestFirst.slice(0, MOST));
}

export function forgetReport(issueId) {
  const reports = kept();
  const left = reports.filter((one) => one.issueId !== issueId);
  if (left.length < reports.length) store(KEY, left);
}

/** Note that a report is not to be added to an account: nothing shows that it is theirs. */
export function refuseReport(issueId, accountId) {
  const mark = (one) =>
    one.issueId === issueId
      ? { ...one, refused: [...new Set([...refusedTo(one), accountId])] }
      : one;
  store(KEY, kept().map(mark));
}
