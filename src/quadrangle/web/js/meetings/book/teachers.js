import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { cursorList } from "../../parts/lists/cursor-list.js";
import { skeletonRows } from "../../parts/skeleton.js";
import { dayOf, ownZone, timeOf } from "../times.js";
import { texts as words } from "./texts.js";

const PAGE = "30";

const slotWords = (slot) => `${dayOf(slot.startsAt)}, ${timeOf(slot.startsAt)}`;

function teacherRow(teacher) {
  const next = teacher.nextSlot;
  const kinds = teacher.workspaces.map((each) => words.workspaces[each]).join(", ");
  const inside = [
    h(
      "span",
      { class: "teacher-what" },
      h("b", { dir: "auto" }, teacher.teacherName),
      h("span", {}, next ? words.next(slotWords(next)) : words.noNext),
      h("span", { class: "soft small" }, `${words.minutes(teacher.minutes)} · ${kinds}`),
    ),
    next && icon("chevron-right"),
  ];
  const href = `/book?teacher=${encodeURIComponent(teacher.teacherId)}`;
  return h(
    "li",
    { dataset: { id: teacher.teacherId } },
    next
      ? h("a", { class: "teacher", href }, inside)
      : h("div", { class: "teacher soft" }, inside),
  );
}

function nobody() {
  return h(
    "div",
    { class: "empty" },
    icon("calendar-clock"),
    h("p", {}, words.noTeachers),
    h("a", { class: "button", href: "/meet" }, words.mine),
  );
}

/** Who offers hours, each with the next one that is open. */
export function teachersPage(main) {
  const list = h(
    "ul",
    { role: "list", class: "teachers card", "aria-label": words.teachers },
    skeletonRows(3),
  );
  const foot = h("div", { class: "list-foot" });
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink("/meet", words.mine),
        h("h1", {}, words.title),
        h("p", { class: "soft" }, words.lead),
      ),
      h("div", {}, list, foot),
    ),
  );
  cursorList({
    list,
    foot,
    draw: teacherRow,
    empty: nobody,
    async read(cursor, signal) {
      const query = { timeZone: ownZone, limit: PAGE, cursor };
      const answer = await api.get("/api/meetings/teachers", { query, signal });
      return { items: answer.teachers, nextCursor: answer.nextCursor };
    },
  }).reload();
}
