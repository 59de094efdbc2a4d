import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { clock } from "../amounts.js";
import { cueAt } from "../player/vtt.js";
import { texts } from "./texts.js";

const words = texts.chapters;
const SLIDE_PX = 96;

/**
 * Chapters and slides as lists that jump; the owner edits the chapters. `load()` asks for them and
 * gives whether there is anything to show. `onMarks(chapters, slides)` gets what the line along the
 * film is marked with.
 */
export function chaptersPanel(video, calls, player, { onMarks }) {
  const list = h("div", { class: "chapter-lists" });
  const element = h("section", { class: "transcript chapters", "aria-label": words.title }, list);
  let found = { chapters: [], slides: [], source: "none" };
  let rows = [];
  let current = -1;
  let editor = null;

  function row({ start, title }, picture = null) {
    const button = h(
      "button",
      { type: "button", class: picture ? "cue slide-cue" : "cue" },
      picture,
      h("span", { class: "cue-time" }, clock(start)),
      h("span", { class: "cue-text", dir: "auto" }, title),
    );
    button.addEventListener("click", () => {
      player.goTo(start);
      player.play();
    });
    return h("li", {}, button);
  }

  /** A slide with its picture, once the small pictures along the film are there. */
  function slideRow(start, at) {
    const picture = h("span", { class: "slide-picture" });
    const end = found.slides[at + 1] ?? Infinity;
    player.seek.board.whenLoaded(() => {
      const small = player.seek.board.thumbnail(start, end, SLIDE_PX);
      if (small) picture.replaceChildren(small);
    });
    return row({ start, title: words.slide(at + 2) }, picture);
  }

  const listOf = (parts, label) =>
    h("ol", { role: "list", class: "cues", "aria-label": label }, parts);

  function editButton() {
    const some = found.chapters.length > 0;
    const button = h(
      "button",
      { type: "button", class: "button" },
      icon(some ? "pencil" : "plus"),
      some ? words.edit : words.make,
    );
    button.addEventListener("click", begin);
    return h("div", { class: "transcript-foot chapter-foot" }, button);
  }

  function draw() {
    const { chapters, slides, source } = found;
    rows = chapters.map((chapter) => row(chapter));
    const slideRows = slides.map(slideRow);
    append(
      clear(list),
      h(
        "div",
        { class: "chapter-scroll" },
        chapters.length > 0 && listOf(rows, words.title),
        source === "description" && h("p", { class: "soft small chapter-note" }, words.fromDescription),
        !chapters.length && !slides.length && h("p", { class: "transcript-empty" }, words.none),
        slides.length > 0 && [
          h("h2", { class: "slides-title" }, words.slides),
          listOf(slideRows, words.slides),
        ],
      ),
      video.mine && editButton(),
    );
    const at = current;
    current = -1;
    point(at);
  }

  function point(index) {
    if (index === current) return;
    rows[current]?.firstChild.removeAttribute("aria-current");
    current = index;
    rows[index]?.firstChild.setAttribute("aria-current", "true");
  }

  async function begin() {
    const { chapterEditor } = await import("./chapter-editor.js");
    editor = chapterEditor(found, calls, player, (saved) => {
      editor.element.replaceWith(list);
      editor = null;
      if (saved) use(saved);
      list.querySelector(".chapter-foot button").focus();
    });
    list.replaceWith(editor.element);
    editor.begin();
  }

  function use(fresh) {
    found = fresh;
    onMarks(fresh.chapters, fresh.slides);
    draw();
  }

  return {
    element,
    follow(second) {
      editor?.follow(second);
      point(cueAt(found.chapters.map(({ start }) => ({ from: start })), second));
    },
    async load() {
      use(await calls.chapters());
      return video.mine || found.chapters.length > 0 || found.slides.length > 0;
    },
  };
}
