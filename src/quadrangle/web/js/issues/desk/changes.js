import { ApiError, api } from "../../base/api.js";

// Someone else changed the same fields first. `fresh` is the issue as it is now, `theirs` the
// newest entry of its history about one of the fields, or null.
export class ChangedElsewhere extends Error {
  constructor(fresh, fields, theirs) {
    super("changed elsewhere");
    this.fresh = fresh;
    this.fields = fields;
    this.theirs = theirs;
  }
}

const MOST_TRIES = 6;

// Changes fields of an issue as we know it. When it has moved on in other ways (a reply came in),
// the change is repeated on top of that; only when the very field moved on is it a conflict.
export async function changeIssue(known, patch) {
  const path = `/api/issues/${known.issueId}`;
  const fields = Object.keys(patch);
  let { version } = known;
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.patch(path, { ...patch, version });
    } catch (error) {
      const isBehind = error instanceof ApiError && error.status === 409;
      if (!isBehind || tries === MOST_TRIES) throw error;
    }
    const { issue: fresh, history } = await api.get(path);
    if (fields.some((field) => fresh[field] !== known[field])) {
      const theirs = history.filter((item) => fields.includes(item.field)).at(-1) ?? null;
      throw new ChangedElsewhere(fresh, fields, theirs);
    }
    version = fresh.version;
  }
}

const AT_ONCE = 4;

// Changes many issues. `patchOf(issue)` returns the fields to change, or null to leave it.
// Returns what was changed with what undoes it, what others had changed, and what failed.
export async function changeMany(issues, patchOf, onChanged) {
  const result = { done: [], conflicts: [], failed: [] };
  const waiting = issues.filter((issue) => patchOf(issue));
  async function work() {
    for (let issue = waiting.shift(); issue; issue = waiting.shift()) {
      const patch = patchOf(issue);
      try {
        const changed = await changeIssue(issue, patch);
        const restore = Object.fromEntries(Object.keys(patch).map((f) => [f, issue[f]]));
        result.done.push({ issue: changed, restore });
        onChanged(changed);
      } catch (error) {
        if (error instanceof ChangedElsewhere) {
          result.conflicts.push(error);
          onChanged(error.fresh);
        } else result.failed.push({ issue, error });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
  return result;
}

export function differing(issue, patch) {
  const fields = Object.entries(patch).filter(([field, value]) => issue[field] !== value);
  return fields.length ? Object.fromEntries(fields) : null;
}
