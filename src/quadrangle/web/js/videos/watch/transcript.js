import { append, clear, h } from "../../base/dom.js";
import { searchField, searchForm } from "../../parts/search.js";
import { clock } from "../amounts.js";
import { cueAt, fetchCues } from "../player/vtt.js";
import { texts } from "./texts.js";

const words = texts.transcript;
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The text with what was searched for marked; case and accents do not count. */
function marked(text, query) {
  const [where, wanted] = [fold(text), fold(query)];
  const at = wanted && where.length === text.length ? where.indexOf(wanted) : -1;
  if (at < 0) return [text];
  const end = at + wanted.length;
  return [text.slice(0, at), h("mark", {}, text.slice(at, end)), ...marked(text.slice(end), query)];
}

/**
 * What is said in a film, line by line. It follows the film while `follow` is on, jumps by
 * `onJump(second)` and can be searched. `load(captions)` is told what there is.
 */
export function transcript(onJump) {
  let cues = [];
  let rows = [];
  let current = -1;
  let query = "";
  const list = h("ol", { role: "list", class: "cues", tabindex: "-1" });
  const found = h("p", { class: "soft small cue-count", role: "status" });
  const follow = h("input", { type: "checkbox", checked: true });
  const language = h("select", { class: "input cue-language", "aria-label": words.language });
  const form = searchForm("transcript-search", words);
  const element = h(
    "section",
    { class: "transcript", "aria-label": words.title },
    h("div", { class: "transcript-head" }, form, found),
    list,
    h(
      "div",
      { class: "transcript-foot" },
      h("label", { class: "check" }, follow, words.follow),
      language,
    ),
  );

  function row(cue) {
    const button = h(
      "button",
      { type: "button", class: "cue" },
      h("span", { class: "cue-time" }, clock(cue.from)),
      h("span", { class: "cue-text", dir: "auto" }, marked(cue.text, query)),
    );
    button.addEventListener("click", () => onJump(cue.from));
    return h("li", {}, button);
  }

  function draw() {
    const wanted = fold(query);
    rows = cues.map((cue) => (fold(cue.text).includes(wanted) ? row(cue) : null));
    const shown = rows.filter(Boolean);
    append(clear(list), shown);
    found.textContent = query ? (shown.length ? words.found(shown.length) : words.none) : "";
    const at = current;
    current = -1;
    point(at);
  }

  function point(index) {
    if (index === current) return;
    rows[current]?.firstChild.removeAttribute("aria-current");
    current = index;
    const here = rows[index];
    here?.firstChild.setAttribute("aria-current", "true");
    // not while somebody reads or searches elsewhere in it
    if (!here || !follow.checked || query || list.contains(document.activeElement)) return;
    list.scrollTop = here.offsetTop - (list.clientHeight - here.offsetHeight) / 2;
  }

  async function read(url) {
    try {
      cues = await fetchCues(url);
    } catch {
      cues = [];
      found.textContent = words.failed;
    }
    draw();
  }

  searchField(form, (text) => {
    query = text;
    draw();
  });
  language.addEventListener("change", () => read(language.value));
  // who scrolls by hand wants to read there
  for (const name of ["wheel", "touchmove"]) {
    list.addEventListener(name, () => (follow.checked = false), { passive: true });
  }

  return {
    element,
    load(captions) {
      const chosen = captions.find((one) => one.label === language.selectedOptions[0]?.label);
      append(
        clear(language),
        captions.map(({ label, url }) => h("option", { value: url }, label)),
      );
      language.hidden = captions.length < 2;
      const wanted = chosen ?? captions[0];
      if (!wanted) return undefined;
      language.value = wanted.url;
      return cues.length && chosen ? undefined : read(wanted.url);
    },
    follow(second) {
      point(cueAt(cues, second));
    },
  };
}
