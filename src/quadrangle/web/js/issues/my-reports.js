import { store, stored } from "../base/storage.js";

const KEY = "reports";
const MOST = 50;

/** What this browser reported or looked at, newest first: `[{issueId, at, issue}]`. */
export function myReports() {
  const kept = stored(KEY, []);
  return Array.isArray(kept) ? kept.filter((one) => typeof one?.issueId === "string") : [];
}

/** Keep a report on the list, with what is known of the issue, so that it shows at once. */
export function rememberReport(issueId, issue = null) {
  const reports = myReports();
  const known = reports.find((one) => one.issueId === issueId);
  const entry = known ?? { issueId, at: new Date().toISOString() };
  if (issue) {
    const { issueType, location, status, createdAt } = issue;
    entry.issue = { issueType, location, status, createdAt };
    entry.at = createdAt;
  }
  const others = reports.filter((one) => one.issueId !== issueId);
  const newestFirst = [entry, ...others].sort((a, b) => (a.at < b.at ? 1 : -1));
  store(KEY, newestFirst.slice(0, MOST));
}

export function forgetReport(issueId) {
  store(
    KEY,
    myReports().filter((one) => one.issueId !== issueId),
  );
}
