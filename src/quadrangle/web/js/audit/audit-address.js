// What the audit shows is in the address: ?kind=account.&accountId=…&subject=…&from=2026-11-21&to=…
const NAMES = ["kind", "accountId", "subject", "from", "to"];
const DAY = /^\d{4}-\d\d-\d\d$/;

export function readAddress() {
  const query = new URLSearchParams(location.search);
  const filters = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
  for (const name of ["from", "to"]) if (!DAY.test(filters[name])) filters[name] = "";
  return filters;
}

export function toAddress(filters) {
  const query = new URLSearchParams(NAMES.map((name) => [name, filters[name]]).filter(([, v]) => v));
  return query.size ? `/audit?${query}` : "/audit";
}

export const isNarrowed = (filters) => NAMES.some((name) => filters[name]);

// The filters as the API takes them: days begin and end where the reader is.
export function toQuery({ kind, accountId, subject, from, to }) {
  const query = { kind, accountId, subject };
  if (from) query.from = new Date(`${from}T00:00:00`).toISOString();
  if (to) query.to = new Date(`${to}T23:59:59.999`).toISOString();
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}
