const DAY_MS = 86_400_000;
const LONGEST_BY_DAY = 120;

const toDay = (ms) => new Date(ms).toISOString().slice(0, 10);

// Every day of the range, also those on which nothing happened; weeks where days would be a blur.
export function overTime({ from, to, days, perDay }) {
  const known = new Map(perDay.map((each) => [each.day, each]));
  const all = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const day = toDay(at);
    all.push(known.get(day) ?? { day, reported: 0, resolved: 0 });
  }
  return days > LONGEST_BY_DAY
    ? { weekly: true, points: byWeek(all) }
    : { weekly: false, points: all };
}

// Whole weeks up to today; the days before the first whole one are left out.
function byWeek(all) {
  const weeks = [];
  for (let end = all.length; end >= 7; end -= 7) {
    const week = all.slice(end - 7, end);
    const sum = (field) => week.reduce((total, each) => total + each[field], 0);
    weeks.unshift({ day: week[0].day, reported: sum("reported"), resolved: sum("resolved") });
  }
  return weeks;
}

// The type whose median is furthest over its target, or null when none is.
export function furthestOver(types) {
  const over = types.filter(
    ({ medianHours, targetHours }) => targetHours && medianHours > targetHours,
  );
  const ratio = ({ medianHours, targetHours }) => medianHours / targetHours;
  return over.reduce((worst, each) => (!worst || ratio(each) > ratio(worst) ? each : worst), null);
}
