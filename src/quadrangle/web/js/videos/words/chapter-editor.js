import { announce, append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { iconButton } from "../../parts/icon-button.js";
import { clock } from "../amounts.js";
import { preciseClock, preciseSecondOf } from "./times.js";
import { texts } from "./texts.js";

const words = texts.chapters;
const { badTime } = texts.editor;

const secondOf = ({ time }) => preciseSecondOf(time) ?? Infinity;

/**
 * The chapters as a form: a time and a title each. `close(saved)` gets what the server has then, or
 * null when nothing was saved.
 */
export function chapterEditor(found, calls, player, close) {
  // those of a description become the owner's own once they are saved
  const chapters = found.chapters.map(({ start, title }) => ({ title, time: preciseClock(start) }));
  const list = h("ol", { role: "list", class: "chapter-rows" });
  const notice = h("div", { class: "edit-notice", role: "alert", hidden: true });
  const add = h("button", { type: "button", class: "button quiet" }, icon("plus"), h("span", {}, words.add));
  const fromSlides = h(
    "button",
    { type: "button", class: "button quiet" },
    icon("images"),
    words.fromSlides(found.slides.length + 1),
  );
  const save = h("button", { type: "submit", class: "button primary" }, words.save);
  const cancel = h("button", { type: "button", class: "button" }, words.cancel);
  const element = h(
    "form",
    { class: "chapter-editor", novalidate: true },
    notice,
    h("div", { class: "chapter-scroll" }, list, h("div", { class: "row chapter-adds" }, add, fromSlides)),
    h("div", { class: "transcript-foot" }, h("span"), h("div", { class: "row" }, cancel, save)),
  );

  function rowOf(chapter, at) {
    const input = (name, label, more) => {
      const one = h("input", { class: "input", autocomplete: "off", "aria-label": label, ...more });
      one.value = chapter[name];
      one.addEventListener("input", () => (chapter[name] = one.value));
      return one;
    };
    const fault = chapter.fault && h("p", { class: "error small chapter-fault" }, chapter.fault);
    const remove = iconButton("trash-2", words.remove(at + 1));
    remove.addEventListener("click", () => {
      chapters.splice(at, 1);
      draw();
      (list.querySelectorAll("input")[2 * Math.min(at, chapters.length - 1)] ?? add).focus();
    });
    return h(
      "li",
      { class: "chapter-row" },
      input("time", words.start(at + 1), { class: "input cue-at", inputmode: "decimal" }),
      input("title", words.name(at + 1), { dir: "auto", maxlength: 120 }),
      remove,
      fault,
    );
  }

  function draw() {
    append(clear(list), chapters.map(rowOf));
    list.hidden = chapters.length === 0;
    fromSlides.hidden = chapters.length > 0 || found.slides.length === 0;
  }

  function sort() {
    chapters.sort((one, other) => secondOf(one) - secondOf(other));
  }

  function insert(...starts) {
    const fresh = starts.map((start) => ({ title: "", time: preciseClock(start) }));
    chapters.push(...fresh);
    sort();
    draw();
    const at = chapters.indexOf(fresh[0]);
    list.children[at].querySelectorAll("input")[1].focus();
  }

  function tell(sentence) {
    append(clear(notice), icon("triangle-alert"), h("p", {}, sentence));
    notice.hidden = false;
  }

  function show(errors) {
    for (const { field, message } of errors) {
      const at = /^chapters\.(\d+)\./.exec(field ?? "")?.[1];
      if (chapters[at]) chapters[at].fault = message;
    }
    draw();
    list.querySelector(".chapter-fault")?.parentElement.querySelector("input").focus();
  }

  /** Note what cannot be read; tell whether all can. */
  function check() {
    for (const chapter of chapters) {
      chapter.fault = preciseSecondOf(chapter.time) === null ? badTime : "";
    }
    return chapters.every(({ fault }) => !fault);
  }

  async function send() {
    notice.hidden = true;
    sort();
    if (!check()) {
      show([]);
      return;
    }
    const given = chapters.map(({ time, title }) => ({ start: preciseSecondOf(time), title }));
    try {
      const saved = await calls.saveChapters({ chapters: given, version: found.version });
      announce(words.saved);
      close(saved);
    } catch (error) {
      show(error.errors ?? []);
      tell(error.status === 409 ? words.conflict : (error.errors?.[0]?.message ?? error.message));
    }
  }

  add.addEventListener("click", () => insert(Math.floor(player.position)));
  fromSlides.addEventListener("click", () => insert(0, ...found.slides));
  cancel.addEventListener("click", () => close(null));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, send);
  });

  return {
    element,
    begin() {
      draw();
      (list.querySelector("input") ?? add).focus();
    },
    follow(second) {
      add.lastChild.textContent = words.addAt(clock(second));
    },
  };
}
