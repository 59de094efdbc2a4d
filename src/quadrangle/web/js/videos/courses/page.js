import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts as parts } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { coursePath, watchAddress } from "../addresses.js";
import { addDialog } from "./add.js";
import { opennessBadge } from "./badge.js";
import { feedDialog } from "./feed.js";
import { courseDialog } from "./form.js";
import { itemRow } from "./item.js";
import { membersSection } from "./members.js";
import { staleNotice } from "./stale.js";
import { teachersSection } from "./teachers.js";
import { texts } from "./texts.js";

const words = texts.course;

function act(iconName, label, work, className = "button quiet") {
  const button = h("button", { type: "button", class: className }, icon(iconName), label);
  button.addEventListener("click", () =>
    busy(button, () => Promise.resolve(work()).catch((error) => toast(error.message))),
  );
  return button;
}

/** The page of a course: its videos in their order, and for its teacher what can be changed. */
export function coursePage(main, first, account) {
  let course = first;
  let arranging = false;
  const path = coursePath(course.id);
  const marks = Boolean(account?.accountId);
  const head = h("div", { class: "stack course-head" });
  const list = h("ol", { role: "list", class: "course-items card", "aria-label": words.items });
  const foot = h("div", {});
  const stale = staleNotice();
  const teachers = course.can_hand_over ? teachersSection(course, account, follow) : null;
  const members = course.mine ? membersSection(course) : null;

  /** Whether it makes sense to subscribe: nobody waits for what they put there themselves. */
  function offersFeed() {
    return !course.teaches && (marks || course.openness === "public");
  }

  function begin() {
    const playable = course.items.filter(({ video }) => video.status === "ready");
    const next = playable.find((item) => !item.seen) ?? playable[0];
    if (!next) return null;
    const some = course.items.some((item) => item.seen);
    const label = next.seen ? words.again : some ? words.goOn : words.begin;
    const href = watchAddress({ ...next.video, course: course.id });
    return h("a", { class: "button primary", href }, icon("play"), label);
  }

  function progress() {
    const of = course.items.length;
    if (!marks || !of) return null;
    const n = course.items.filter((item) => item.seen).length;
    return h(
      "div",
      { class: "course-progress" },
      h("progress", { class: "bar", max: of, value: n, "aria-label": words.bar }),
      h("span", { class: "soft small" }, words.progress(n, of)),
    );
  }

  async function edit() {
    const edited = await courseDialog(course);
    if (!edited) return;
    follow(edited);
    members.follow(course);
    announce(texts.form.saved);
  }

  /** Show what is said of the course now. */
  function follow(changed) {
    course = { ...course, ...changed };
    drawHead();
  }

  async function remove() {
    const asked = { text: words.removeSure(course.title), yes: words.removeYes, no: words.removeNo };
    if (!(await confirmDialog(asked))) return;
    await api.delete(path);
    location.assign("/courses");
  }

  async function add() {
    const whole = await addDialog(course);
    if (whole) show(whole);
  }

  function drawHead() {
    document.title = parts.title(course.title);
    const arrange = act(arranging ? "check" : "arrow-down", arranging ? words.done : words.arrange, () => {
      arranging = !arranging;
      draw();
      head.querySelector("[data-arrange]").focus();
    });
    arrange.dataset.arrange = "";
    arrange.setAttribute("aria-pressed", String(arranging));
    append(
      clear(head),
      backLink("/courses", words.all),
      h("h1", { dir: "auto" }, course.title),
      h(
        "p",
        { class: "row soft course-facts" },
        h("span", { dir: "auto" }, texts.by(course)),
        h("span", {}, texts.count(course.items.length)),
        opennessBadge(course.openness),
      ),
      course.description && h("p", { class: "course-description", dir: "auto" }, course.description),
      progress(),
      h(
        "div",
        { class: "row course-actions" },
        begin(),
        course.mine && act("plus", texts.add.open, add, "button"),
        course.mine && course.items.length > 1 && arrange,
        course.mine && act("pencil", words.edit, edit),
        offersFeed() && act("headphones", texts.feed.open, () => feedDialog(course)),
        // whoever runs a public course gives its address to others
        course.teaches &&
          course.openness === "public" &&
          act("headphones", texts.feed.tell, () => feedDialog(course)),
        course.mine && act("trash-2", words.remove, remove),
      ),
    );
  }

  function draw() {
    drawHead();
    const rows = course.items.map((item, index) =>
      itemRow(item, { course, index, arranging, marks, onMark, onMove, onTakeOff, onShared }),
    );
    append(clear(list), rows);
    list.hidden = rows.length === 0;
    const text = course.mine ? words.empty : words.emptyOthers;
    append(clear(foot), !rows.length && h("div", { class: "empty card" }, icon("list-video"), h("p", {}, text)));
  }

  function show(fresh) {
    course = fresh;
    draw();
  }

  function onMark(item, seen) {
    item.seen = seen;
    drawHead();
  }

  /** Save another order; false where somebody changed the course meanwhile: then that is shown. */
  async function save(items, again) {
    stale.clear();
    try {
      const videos = items.map(({ video }) => video.id);
      show(await api.put(`${path}/videos`, { videos, version: course.version }));
      return true;
    } catch (error) {
      if (error.status !== 409) throw error;
      const old = course;
      show(await api.get(path));
      stale.tell(old, course, again);
      return false;
    }
  }

  const placeOf = (item) => course.items.findIndex(({ video }) => video.id === item.video.id);

  async function onMove(index, by) {
    const items = [...course.items];
    const [moved] = items.splice(index, 1);
    items.splice(Math.max(0, index + by), 0, moved);
    if (!(await save(items, () => repeat(moved, (at) => onMove(at, by))))) return;
    const place = placeOf(moved);
    const row = list.children[place];
    const same = row?.querySelector(by < 0 ? "[data-up]" : "[data-down]");
    (same?.disabled ? row.querySelector("[data-up]:enabled, [data-down]:enabled") : same)?.focus();
    announce(texts.order.moved(moved.video.title, place + 1, course.items.length));
  }

  async function onTakeOff(index) {
    const items = [...course.items];
    const [gone] = items.splice(index, 1);
    if (!(await save(items, () => repeat(gone, onTakeOff)))) return;
    const row = list.children[Math.min(index, list.children.length - 1)];
    (row?.querySelector("[data-off]") ?? head.querySelector("button"))?.focus();
    announce(texts.order.tookOff(gone.video.title));
  }

  /** Do with a video, wherever it stands by now, what was wanted of it. */
  async function repeat(item, work) {
    stale.clear();
    const at = placeOf(item);
    if (at >= 0) await work(at);
  }

  async function onShared(index, video) {
    course.items[index] = { ...course.items[index], video };
    draw();
    announce(texts.order.shared(video.title));
  }

  draw();
  append(
    clear(main),
    h("div", { class: "page stack loose course" }, head, stale.element, h("div", {}, list, foot), members?.element, teachers?.element),
  );
}
