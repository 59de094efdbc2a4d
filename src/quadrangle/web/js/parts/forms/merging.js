// What becomes of a form when somebody else saved meanwhile: `base` is what it was filled with.

/**
 * Join values by name: what only they changed is taken over, what both changed is a clash and stays
 * as it is in the form. Gives `{values, clashes}`, the latter by name with what is there now.
 */
export function joinValues(base, mine, theirs) {
  const values = {};
  const clashes = {};
  for (const name of Object.keys(mine)) {
    const touched = mine[name] !== base[name];
    values[name] = touched ? mine[name] : theirs[name];
    const moved = theirs[name] !== base[name] && theirs[name] !== mine[name];
    if (touched && moved) clashes[name] = theirs[name];
  }
  return { values, clashes };
}

/** What a list of keys gained and lost. */
export function difference(before, after) {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    added: [...now].filter((one) => !old.has(one)),
    removed: [...old].filter((one) => !now.has(one)),
  };
}

/** A set as they have it now, with what was added and taken off here. */
export function joinSets(base, mine, theirs) {
  const { added, removed } = difference(base, mine);
  return [...new Set([...theirs, ...added])].filter((one) => !removed.includes(one));
}
