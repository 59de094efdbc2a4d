import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { texts as common } from "../../parts/texts.js";
import { signInFirst } from "../sign-in-first.js";
import { dayOf } from "../times.js";
import { dateText, later, mondayOf, offeredTimes } from "./days.js";
import { weekGrid } from "./grid.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const TEACHERS = ["teacher", "staff", "admin"];
const DAY_MS = 24 * 3600_000; // no meeting is longer

function monday() {
  const wanted = new Date(`${new URLSearchParams(location.search).get("from")}T00:00:00`);
  return mondayOf(Number.isNaN(wanted.getTime()) ? new Date() : wanted);
}

function steps(first) {
  const address = (day) => `/week?from=${dateText(day)}`;
  const step = (day, name, label) =>
    h(
      "a",
      { class: "button icon-only", href: address(day), "aria-label": label, title: label },
      icon(name),
    );
  const current = dateText(first) === dateText(mondayOf());
  return h(
    "nav",
    { class: "row", "aria-label": words.weeks },
    step(later(first, -7), "chevron-left", words.before),
    h("a", { class: "button", href: "/week", "aria-current": current && "page" }, words.now),
    step(later(first, 7), "chevron-right", words.after),
  );
}

async function meetingsOf(first, last) {
  const found = [];
  let cursor;
  do {
    const query = {
      from: new Date(first.getTime() - DAY_MS).toISOString(),
      to: last.toISOString(),
      limit: "100",
      cursor,
    };
    const page = await api.get("/api/meetings", { query });
    found.push(...page.meetings);
    cursor = page.nextCursor;
  } while (cursor);
  return found.filter((one) => one.status !== "CANCELLED" && new Date(one.endsAt) > first);
}

async function weekPage(account) {
  const first = monday();
  const last = later(first, 7);
  const place = h("div", { "aria-busy": "true" }, h("div", { class: "skeleton week-waiting" }));
  const teaches = TEACHERS.includes(account.role);
  append(
    clear(main),
    h(
      "div",
      { class: "stack" },
      h(
        "header",
        { class: "page-head week-head" },
        h(
          "div",
          { class: "stack tight" },
          backLink("/meet", words.mine),
          h("h1", {}, words.title),
          h("p", { class: "soft" }, words.of(dayOf(first), dayOf(later(first, 6)))),
        ),
        h(
          "div",
          { class: "row" },
          steps(first),
          teaches && h("a", { class: "button quiet", href: "/hours" }, words.hours),
        ),
      ),
      place,
    ),
  );
  const [meetings, hours] = await Promise.all([
    meetingsOf(first, last),
    teaches ? api.get("/api/meetings/hours") : null,
  ]);
  const offered = offeredTimes(hours, first, last);
  place.removeAttribute("aria-busy");
  append(
    clear(place),
    !meetings.length && h("p", { class: "soft week-none" }, words.none),
    weekGrid(first, meetings, offered, account),
  );
}

async function begin() {
  document.title = common.title(words.title);
  const account = await currentAccount();
  if (account?.accountId) await weekPage(account);
  else signInFirst(main, { ...words, why: account ? words.needsAccount : words.signInFirst });
}

begin().catch((error) => pageFailed(main, error));
