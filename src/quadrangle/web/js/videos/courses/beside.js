import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { courseAddress, coursePath, videoPath, watchAddress } from "../addresses.js";
import { texts } from "./texts.js";

const words = texts.beside;
const SEEN_PART = 0.9;

function neighbour(item, course, label, className, first, last) {
  if (!item) return null;
  const href = watchAddress({ ...item.video, course });
  const name = h("span", { class: "beside-title", dir: "auto" }, item.video.title);
  return h("a", { class: className, href }, first, h("span", { class: "soft small" }, label), name, last);
}

/**
 * The course that a video is watched in, by the address: what comes before and after, and what is
 * next once it ends. `note(at, of)` keeps for whoever is signed in that they have seen the video.
 */
export function courseBeside(video, media) {
  const id = new URLSearchParams(location.search).get("course");
  const element = h("nav", { class: "course-beside", "aria-label": words.label, hidden: true });
  const overlay = h("div", { class: "next-over", hidden: true });
  overlay.addEventListener("click", (event) => event.stopPropagation());
  let noted = false;

  async function note(at, of) {
    if (noted || !(of > 0) || at < of * SEEN_PART) return;
    noted = true;
    const account = await currentAccount();
    if (!account?.accountId) return;
    await api.put(`${videoPath(video.id)}/seen`, { seen: true }).catch(() => (noted = false));
  }

  /** Over the picture, so that it is seen on a full screen too. */
  function offerNext(next, course) {
    overlay.replaceChildren();
    overlay.hidden = !next;
    if (!next) return;
    const href = watchAddress({ ...next.video, course });
    const title = h("span", { dir: "auto" }, next.video.title);
    overlay.append(h("a", { class: "next-over-link", href }, icon("play"), h("span", {}, words.over), title));
  }

  function draw(course, { over = false } = {}) {
    const items = course.items.filter((item) => item.video.status === "ready");
    const at = items.findIndex((item) => item.video.id === video.id);
    if (at < 0) return;
    const next = items[at + 1];
    const back = h("a", { href: courseAddress(course.id), dir: "auto" }, course.title);
    element.classList.toggle("over", over);
    append(
      clear(element),
      h("p", { class: "beside-head" }, icon("list-video"), back, h("span", { class: "soft small" }, words.part(at + 1, items.length))),
      over && !next && h("p", {}, words.last),
      h(
        "div",
        { class: "beside-ways" },
        !over && neighbour(items[at - 1], course.id, words.previous, "beside-way", icon("chevron-left"), null),
        neighbour(next, course.id, over ? words.over : words.next, `beside-way next${over ? " now" : ""}`, null, icon(over ? "play" : "chevron-right")),
      ),
    );
    element.hidden = false;
    offerNext(over ? next : null, course.id);
    if (over) announce(next ? `${words.over}: ${next.video.title}` : words.last);
  }

  async function load() {
    const course = await api.get(coursePath(id)).catch(() => null);
    if (!course) return;
    draw(course);
    media.parentElement.append(overlay);
    media.addEventListener("ended", () => draw(course, { over: true }));
    media.addEventListener("play", () => element.classList.contains("over") && draw(course));
  }

  media.addEventListener("ended", () => note(1, 1));
  if (id) load();
  return { element, note };
}
