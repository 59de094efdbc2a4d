import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { searchField, searchForm } from "../../parts/forms/search.js";
import { clock } from "../amounts.js";
import { cueAt, fetchCues } from "../player/vtt.js";
import { captionLabel } from "../words/labels.js";
import { texts as said } from "../words/texts.js";
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

// A file has a name of its own with each change; its address changes with each grant.
const fileOf = (url) => url.slice(url.lastIndexOf("/") + 1);

/**
 * What is said in a film, line by line. It follows the film while `follow` is on, jumps by
 * `onJump(second)` and can be searched. `load(captions)` is told what there is; `current` is the
 * one of them that is shown. `tools` stand at its foot, `notice` at its head, `ways` to get
 * some where there are none.
 */
export function transcript(onJump, { tools = null, notice = null, ways = null } = {}) {
  let cues = [];
  let offered = [];
  let shown = "";
  let rows = [];
  let current = -1;
  let query = "";
  const list = h("ol", { role: "list", class: "cues", tabindex: "-1" });
  const found = h("p", { class: "soft small cue-count", role: "status" });
  const follow = h("input", { type: "checkbox", checked: true });
  const language = h("select", { class: "input cue-language", "aria-label": words.language });
  const form = searchForm("transcript-search", words);
  const noteText = h("span", {});
  const element = h(
    "section",
    { class: "transcript", "aria-label": words.title },
    notice,
    h("div", { class: "transcript-head" }, form, found),
    h("p", { class: "transcript-automatic soft small", hidden: true }, icon("info"), noteText),
    list,
    h(
      "div",
      { class: "transcript-foot" },
      h("label", { class: "check" }, follow, words.follow),
      language,
      tools,
    ),
  );
  const [head, automatic] = [".transcript-head", ".transcript-automatic"].map((one) =>
    element.querySelector(one),
  );

  const chosenOne = () => offered.find((one) => one.url === language.value);

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
    head.hidden = follow.parentElement.hidden = offered.length === 0;
    if (!offered.length) {
      rows = [];
      append(
        clear(list),
        h(
          "li",
          { class: "transcript-empty" },
          h("p", {}, said.none),
          h("p", { class: "soft" }, said.noneFor),
          ways,
        ),
      );
      return;
    }
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
    shown = fileOf(url);
    automatic.hidden = !chosenOne()?.automatic;
    noteText.textContent = chosenOne()?.mended ? said.mendedNote : said.automaticNote;
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
    get current() {
      return chosenOne();
    },
    load(captions, preferred = chosenOne()?.language) {
      offered = captions;
      append(
        clear(language),
        captions.map((one) => h("option", { value: one.url }, captionLabel(one))),
      );
      language.hidden = captions.length < 2;
      const wanted = captions.find((one) => one.language === preferred) ?? captions[0];
      if (!wanted) {
        [cues, shown, automatic.hidden] = [[], "", true];
        draw();
        return undefined;
      }
      language.value = wanted.url;
      return shown === fileOf(wanted.url) ? undefined : read(wanted.url);
    },
    follow(second) {
      point(cueAt(cues, second));
    },
  };
}
