import { currentAccount, isStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { texts as common } from "../../parts/texts.js";
import { isOver, statusBadge } from "../badges.js";
import { ownSide } from "../sides.js";
import { signInFirst } from "../sign-in-first.js";
import { texts } from "../texts.js";
import { dayOf, span } from "../times.js";

const words = texts.list;
const main = document.querySelector("main");
const FRESH_MS = 20_000;
const CHANGEABLE = ["SCHEDULED", "LAUNCHED", "DNS_WRITTEN", "HEALTHY"]; // nobody has joined

function row(meeting, account) {
  const { link } = ownSide(meeting, account);
  const name = words.who(meeting.teacherName, meeting.studentName);
  const open = link && !isOver(meeting.status);
  return h(
    "li",
    { class: "meeting-row", dataset: { id: meeting.id } },
    h(
      "div",
      { class: "meeting-when" },
      h("b", {}, span(meeting.meetTime, meeting.endsAt)),
      h("span", { class: "soft small" }, timeElement(meeting.meetTime)),
    ),
    h(
      "div",
      { class: "meeting-what" },
      h("span", { class: "meeting-name", dir: "auto" }, name),
      h("span", { class: "row" }, statusBadge(meeting.status)),
    ),
    h(
      "div",
      { class: "row" },
      open && h("a", { class: "button", href: link }, icon("video"), words.open),
      meeting.joinedAt &&
        isOver(meeting.status) &&
        h("a", { class: "button quiet", href: `/meeting?id=${encodeURIComponent(meeting.id)}` }, words.after),
      CHANGEABLE.includes(meeting.status) &&
        h(
          "a",
          {
            class: "button quiet",
            href: `/change-meeting?id=${encodeURIComponent(meeting.id)}`,
            "aria-label": words.changeWhich(name, span(meeting.meetTime, meeting.endsAt)),
          },
          words.change,
        ),
    ),
  );
}

function byDay(meetings, account) {
  const days = new Map();
  for (const meeting of meetings) {
    const day = dayOf(meeting.meetTime);
    days.set(day, [...(days.get(day) ?? []), meeting]);
  }
  return [...days].map(([day, some]) =>
    h(
      "section",
      { class: "stack tight" },
      h("h2", { class: "meeting-day" }, day),
      h("ul", { role: "list", class: "meeting-rows card" }, some.map((one) => row(one, account))),
    ),
  );
}

function empty(past, account, schedules) {
  const way = schedules
    ? { href: "/new-meeting", label: words.schedule }
    : { href: "/book", label: words.book };
  return h(
    "div",
    { class: "empty" },
    icon("calendar-clock"),
    h("p", {}, past ? words.nonePast : words.none),
    account.accountId && !past && h("a", { class: "button primary", href: way.href }, way.label),
  );
}

/** Ways to what belongs to meetings, by whose they are. */
function ways(account, teaches) {
  const to = (href, iconName, label) => h("a", { class: "way", href }, icon(iconName), label);
  return h(
    "nav",
    { class: "ways", "aria-label": words.ways },
    account.accountId && to("/book", "calendar-plus", words.book),
    account.accountId && teaches && to("/hours", "clock", words.hours),
    account.accountId && to("/week", "calendar-clock", words.week),
    account.accountId && to("/calendar-feed", "link", words.calendar),
    isStaff(account) && to("/meeting-operation", "gauge", words.operation),
  );
}

function listPage(account) {
  const past = new URLSearchParams(location.search).get("when") === "past";
  const schedules = ["teacher", "staff", "admin"].includes(account.role);
  const place = h("div", { class: "stack loose", "aria-busy": "true" });
  const chip = (href, label, current) =>
    h("a", { class: "chip", href, "aria-current": current && "page" }, label);
  document.title = common.title(words.title);
  append(
    clear(main),
    h(
      "div",
      { class: "column wide stack loose" },
      h(
        "div",
        { class: "meet-head" },
        h(
          "header",
          { class: "page-head" },
          h("h1", {}, words.title),
          schedules &&
            h("a", { class: "button primary", href: "/new-meeting" }, icon("calendar-plus"), words.schedule),
        ),
        ways(account, schedules),
      ),
      h(
        "nav",
        { class: "row", "aria-label": words.when },
        chip("/meet", words.coming, !past),
        chip("/meet?when=past", words.past, past),
      ),
      place,
    ),
  );
  let shown = "";

  async function refresh() {
    const now = new Date();
    const from = new Date(now.getTime() - 6 * 3600_000).toISOString();
    const query = new URLSearchParams({ limit: "100" });
    if (past) query.set("newestFirst", "true");
    // what was scheduled for later today may be over already
    const to = new Date(now.getTime() + 24 * 3600_000).toISOString();
    query.set(past ? "to" : "from", past ? to : from);
    if (isStaff(account)) query.set("all", "true");
    const { meetings } = await api.get(`/api/meetings?${query}`);
    const wanted = meetings.filter((one) => past === isOver(one.status));
    if (JSON.stringify(wanted) === shown) return;
    if (shown) announce(words.changed);
    shown = JSON.stringify(wanted);
    place.removeAttribute("aria-busy");
    append(clear(place), wanted.length ? byDay(wanted, account) : empty(past, account, schedules));
  }

  refresh().catch((error) => pageFailed(main, error));
  setInterval(() => document.hidden || refresh().catch(() => {}), FRESH_MS);
}

currentAccount().then((account) => {
  if (account) listPage(account);
  else signInFirst(main, { ...words, why: words.signInFirst });
});
