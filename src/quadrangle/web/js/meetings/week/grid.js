import { h } from "../../base/dom.js";
import { LANGUAGE } from "../../base/time.js";
import { isOver, statusBadge } from "../badges.js";
import { ownSide } from "../sides.js";
import { span, timeOf } from "../times.js";
import { dateText, later } from "./days.js";
import { inLanes } from "./lanes.js";
import { texts as words } from "./texts.js";

const EARLIEST = 8;
const LATEST = 18;

const dayName = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", day: "numeric", month: "short" });

const hourOf = (at, day) => (at - day) / 3600_000;

/** The hours of the day that the week needs: those of work, and more where something is. */
function hoursShown(spans) {
  const first = Math.min(EARLIEST, ...spans.map((each) => Math.floor(each.from)));
  const last = Math.max(LATEST, ...spans.map((each) => Math.ceil(each.to)));
  return { first: Math.max(0, first), last: Math.min(24, last) };
}

/** What is on a day, in hours from its midnight. */
function onDay(day, things) {
  const next = later(day, 1);
  return things
    .filter((each) => each.begins < next && each.ends > day)
    .map((each) => ({
      ...each,
      from: Math.max(0, hourOf(each.begins, day)),
      to: Math.min(24, hourOf(each.ends, day)),
    }));
}

function placed(element, { from, to }) {
  element.style.setProperty("--from", from);
  element.style.setProperty("--to", to);
  return element;
}

function meetingItem(thing, account) {
  const { meeting } = thing;
  const { other } = ownSide(meeting, account);
  const over = isOver(meeting.status);
  const time = span(meeting.meetTime, meeting.endsAt);
  const short = thing.to - thing.from <= 0.5;
  const inside = [
    // where one line is all there is, the grid tells when it ends
    h("span", { class: "numeric" }, short ? timeOf(meeting.meetTime) : time),
    h("b", { dir: "auto" }, other),
    statusBadge(meeting.status),
  ];
  const href = `/change-meeting?id=${encodeURIComponent(meeting.id)}`;
  const title = `${time} ${other}`; // where many stand beside each other, little of it is seen
  const item = h("li", { class: `event${over ? " over" : ""}${short ? " short" : ""}` }, h("a", { href, title }, inside));
  item.style.setProperty("--lane", thing.lane);
  item.style.setProperty("--lanes", thing.lanes);
  return placed(item, thing);
}

function offeredItem(thing) {
  const text = `${words.free} ${timeOf(thing.begins)}–${timeOf(thing.ends)}`;
  return placed(h("li", { class: "offered" }, h("span", {}, text)), thing);
}

function dayColumn({ day, meetings, offered }, account) {
  const today = dateText(day) === dateText(new Date());
  const items = [...offered.map((each) => [each, offeredItem(each)])];
  for (const each of meetings) items.push([each, meetingItem(each, account)]);
  items.sort(([one], [other]) => one.from - other.from);
  return h(
    "section",
    { class: today ? "week-day today" : "week-day", "aria-current": today && "date" },
    h("h2", {}, h("time", { datetime: dateText(day) }, dayName.format(day))),
    items.length
      ? h("ul", { role: "list", class: "week-items" }, items.map(([, element]) => element))
      : h("p", { class: "week-items soft" }, h("span", { class: "small" }, words.nothing)),
  );
}

/** Seven days from `monday`: columns with hours where there is room, a list of days on a phone. */
export function weekGrid(monday, meetings, offeredTimes, account) {
  const things = meetings.map((meeting) => ({
    meeting,
    begins: new Date(meeting.meetTime),
    ends: new Date(meeting.endsAt),
  }));
  const days = Array.from({ length: 7 }, (_, n) => later(monday, n)).map((day) => ({
    day,
    meetings: inLanes(onDay(day, things)),
    offered: onDay(day, offeredTimes),
  }));
  const shown = hoursShown(days.flatMap((each) => [...each.meetings, ...each.offered]));
  const marks = Array.from({ length: shown.last - shown.first + 1 }, (_, n) => shown.first + n);
  const scale = h(
    "div",
    { class: "week-scale", "aria-hidden": "true" },
    marks.map((hour) =>
      placed(h("span", {}, timeOf(new Date(monday.getTime() + hour * 3600_000))), { from: hour, to: hour }),
    ),
  );
  const grid = h("div", { class: "week" }, scale, days.map((day) => dayColumn(day, account)));
  grid.style.setProperty("--first", shown.first);
  grid.style.setProperty("--last", shown.last);
  return grid;
}
