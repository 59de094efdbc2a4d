/**
 * Things of a day (`{from, to}` in hours), in order, each with the `lane` of its own that it stands
 * in and how many `lanes` there are beside each other where it overlaps with others.
 */
export function inLanes(things) {
  const sorted = things.map((each) => ({ ...each })).sort((one, other) => one.from - other.from);
  let together = []; // those that touch each other, also by way of a third
  let ends = []; // of each lane: when it is free again
  const settle = () => {
    for (const each of together) each.lanes = ends.length;
    [together, ends] = [[], []];
  };
  for (const each of sorted) {
    if (ends.every((end) => end <= each.from)) settle();
    const free = ends.findIndex((end) => end <= each.from);
    each.lane = free < 0 ? ends.length : free;
    ends[each.lane] = each.to;
    together.push(each);
  }
  settle();
  return sorted;
}
