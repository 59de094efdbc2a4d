const DOTS = "…";

/** How many first signs all of `names` share. */
function shared(names) {
  let n = 0;
  while (names.every((name) => n < name.length && name[n] === names[0][n])) n += 1;
  return n;
}

/** The most signs of `name` that fit with what is put around them by `made(n)`. */
function longest(name, fits, made) {
  let n = name.length;
  while (n > 1 && !fits(made(n))) n -= 1;
  return made(n);
}

const cutAtEnd = (name, fits) =>
  longest(name, fits, (n) => `${name.slice(0, n).trimEnd()}${DOTS}`);

const cutInMiddle = (name, fits) =>
  longest(name, fits, (n) => {
    const head = Math.ceil(n / 2);
    return `${name.slice(0, head).trimEnd()}${DOTS}${name.slice(name.length - (n - head)).trimStart()}`;
  });

const cutAtStart = (name, fits, from) =>
  longest(name.slice(from), fits, (n) => {
    const rest = name.slice(from, from + n).trimEnd();
    return `${DOTS}${rest}${from + n < name.length ? DOTS : ""}`;
  });

/**
 * `names` as they fit into a chart: what is cut ends in dots, and names that would look alike are
 * cut where they are alike. `fits(text)` tells whether there is room.
 */
export function shortNames(names, fits) {
  const shown = names.map((name) => (fits(name) ? name : cutAtEnd(name, fits)));
  const alike = Map.groupBy(names.keys(), (at) => shown[at]);
  for (const [, group] of alike) {
    if (group.length < 2) continue;
    const long = group.map((at) => names[at]);
    const middles = long.map((name) => cutInMiddle(name, fits));
    const differ = new Set(middles).size === middles.length;
    const from = Math.max(0, shared(long) - 2);
    group.forEach((at, i) => {
      shown[at] = differ ? middles[i] : cutAtStart(names[at], fits, from);
    });
  }
  return shown;
}
