import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { texts as parts } from "../../parts/texts.js";
import { courseAddress } from "../addresses.js";
import { pager } from "../pager.js";
import { texts as common } from "../texts.js";
import { opennessBadge } from "./badge.js";
import { courseDialog } from "./form.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const SIZE = 24;
const STAFF = ["staff", "admin"];
const MAKERS = ["teacher", "staff", "admin"];

function wanted() {
  const query = new URLSearchParams(location.search);
  return {
    page: Math.max(1, Number.parseInt(query.get("page"), 10) || 1),
    mine: query.get("mine") === "true",
    all: query.get("all") === "true",
  };
}

function addressOf({ page = 1, mine = false, all = false }) {
  const query = new URLSearchParams();
  if (mine) query.set("mine", "true");
  if (all) query.set("all", "true");
  if (page > 1) query.set("page", page);
  const text = query.toString();
  return text ? `/courses?${text}` : "/courses";
}

function courseCard(course) {
  return h(
    "li",
    { class: "course-card card" },
    h("h2", {}, h("a", { href: courseAddress(course.id), dir: "auto" }, course.title)),
    course.description && h("p", { class: "course-lead", dir: "auto" }, course.description),
    h(
      "p",
      { class: "row soft small course-facts" },
      opennessBadge(course.openness),
      h("span", {}, words.count(course.video_count)),
      h("span", { dir: "auto" }, words.by(course)),
    ),
  );
}

function makeButton() {
  const button = h("button", { type: "button", class: "button primary" }, icon("plus"), words.make);
  button.addEventListener("click", async () => {
    const course = await courseDialog();
    if (course) location.assign(courseAddress(course.id));
  });
  return button;
}

function coursesPage(account) {
  const makes = Boolean(account?.accountId) && MAKERS.includes(account.role);
  const now = wanted();
  const list = h("ul", { role: "list", class: "course-list", "aria-label": words.list });
  const foot = h("div", {});
  const oversees = makes && STAFF.includes(account.role);
  const chip = (label, which) => {
    const current = Boolean(which.mine) === now.mine && Boolean(which.all) === now.all;
    return h("a", { class: "chip", href: addressOf(which), "aria-current": current && "page" }, label);
  };

  async function load() {
    try {
      const query = { page: now.page, limit: SIZE, mine: now.mine && "true", all: now.all && "true" };
      const { courses, pagination } = await api.get("/api/courses", { query });
      append(clear(list), courses.map(courseCard));
      list.hidden = courses.length === 0;
      const none = h(
        "div",
        { class: "empty" },
        icon("list-video"),
        h("p", {}, now.mine ? words.noneMine : words.none),
        makes ? makeButton() : h("a", { class: "button", href: "/watch" }, common.all),
      );
      append(clear(foot), courses.length ? pager(pagination, (page) => addressOf({ ...now, page })) : none);
    } catch (error) {
      list.hidden = true;
      append(clear(foot), retryNotice(words.failed, error, load));
    }
  }

  document.title = parts.title(words.title);
  append(
    clear(main),
    h(
      "div",
      { class: "page stack" },
      h(
        "header",
        { class: "page-head" },
        h("div", {}, backLink("/watch", common.all), h("h1", {}, words.title)),
        makes && makeButton(),
      ),
      makes &&
        h("nav", { class: "row", "aria-label": words.filters }, chip(words.all, {}), chip(words.mine, { mine: true }), oversees && chip(words.every, { all: true })),
      list,
      foot,
    ),
  );
  return load();
}

currentAccount().then(coursesPage);
