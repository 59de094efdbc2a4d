import { api } from "../../base/api.js";
import { orderOf } from "./order.js";

const SIZE = 50;

// Pages through issues in the order of `sort`. The API filters by one status at a time, so "to do" reads
// two lists and merges them.
export function issuePager({ statuses, shared, sort }) {
  const order = orderOf(sort);
  const kinds =
    statuses.length > 1
      ? statuses.map((status) => ({ ...shared, status }))
      : [statuses.length ? { ...shared, status: statuses[0] } : shared];
  const sources = kinds.map((query) => ({ query, waiting: [], cursor: null, ended: false }));

  async function fill(source, signal) {
    const query = { ...source.query, limit: SIZE };
    if (sort !== "newest") query.sort = sort;
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
        // a page may be short, or empty, and yet not the last
        if (sources.some((source) => !source.ended && !source.waiting.length)) continue;
        const next = sources.reduce((a, b) => earlier(order, a, b));
        if (!next.waiting.length) break;
        merged.push(next.waiting.shift());
      }
      const issues = merged.splice(0);
      return { issues, ended: sources.every((s) => s.ended && !s.waiting.length) };
    },
  };
}

function earlier(order, a, b) {
  if (!b.waiting.length) return a;
  if (!a.waiting.length) return b;
  return order(a.waiting[0], b.waiting[0]) <= 0 ? a : b;
}
