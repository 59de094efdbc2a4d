import { api } from "../../base/api.js";

const SIZE = 50;

// Pages through issues, newest first. The API filters by one status at a time, so "to do" reads
// two lists and merges them.
export function issuePager({ statuses, shared }) {
  const kinds =
    statuses.length > 1
      ? statuses.map((status) => ({ ...shared, status }))
      : [statuses.length ? { ...shared, status: statuses[0] } : shared];
  const sources = kinds.map((query) => ({ query, waiting: [], cursor: null, ended: false }));

  async function fill(source, signal) {
    const query = { ...source.query, limit: SIZE };
    if (source.cursor) query.cursor = source.cursor;
    const page = await api.get("/get-all-issues", { query, signal });
    source.waiting.push(...page.issues);
    source.cursor = page.nextCursor;
    source.ended = page.nextCursor === null;
  }

  // Outlives a failed request, so that trying again loses nothing.
  const merged = [];

  return {
    async next(signal) {
      while (merged.length < SIZE) {
        const empty = sources.filter((source) => !source.ended && !source.waiting.length);
        if (empty.length) await Promise.all(empty.map((source) => fill(source, signal)));
        const newest = sources.reduce(newer);
        if (!newest.waiting.length) break;
        merged.push(newest.waiting.shift());
      }
      const issues = merged.splice(0);
      return { issues, ended: sources.every((s) => s.ended && !s.waiting.length) };
    },
  };
}

function newer(a, b) {
  if (!b.waiting.length) return a;
  if (!a.waiting.length) return b;
  return a.waiting[0].createdAt >= b.waiting[0].createdAt ? a : b;
}
