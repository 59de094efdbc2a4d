import { announce, append, clear, h } from "../../base/dom.js";
import { draft } from "../../base/drafts.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { cueForm } from "./cue-form.js";
import { languageSelect } from "./dialogs.js";
import { preciseClock } from "./times.js";
import { texts } from "./texts.js";

const words = texts.editor;
const NEW_S = 2;

const byTime = (one, other) => one.start - other.start || one.end - other.end;

/** What speaks against keeping a line: a sentence, or "". */
function faultOf({ start, end, text }) {
  if (!text.trim()) return words.badText;
  return end > start ? "" : words.badEnd;
}

/**
 * The lines of captions, edited beside the picture: one of them is open, the others show what they
 * say. `language` null begins new captions. `close(language)` is called when it was saved,
 * `close(null)` when not. Changes are kept on this device until they are saved.
 */
export async function cueEditor(video, language, calls, player, close) {
  let loaded = language ? await calls.cues(language) : { version: "", label: "", cues: [] };
  const kept = draft(`cues.${video.id}.${language ?? "new"}`);
  const before = kept.load();
  let cues = (before?.cues ?? loaded.cues).map((cue) => ({ ...cue }));
  let version = before?.version ?? loaded.version;
  let open = null;

  const select = language ? null : languageSelect(before?.language);
  const list = h("ol", { role: "list", class: "cues edit-cues", "aria-label": words.lines, tabindex: "-1" });
  const notice = h("div", { class: "edit-notice", role: "alert", hidden: true });
  const state = h("p", { class: "soft small edit-state", role: "status" });
  const save = h("button", { type: "button", class: "button primary" }, words.save);
  const cancel = h("button", { type: "button", class: "button" }, words.cancel);
  const element = h(
    "section",
    { class: "transcript cue-editor", "aria-label": words.title(loaded.label || texts.write) },
    h(
      "div",
      { class: "transcript-head" },
      select
        ? h("label", { class: "edit-language" }, h("span", {}, words.language), select)
        : h("h2", { class: "edit-title", dir: "auto" }, words.title(loaded.label)),
    ),
    notice,
    list,
    h("div", { class: "transcript-foot" }, state, h("div", { class: "row" }, cancel, save)),
  );
  select?.classList.add("input");

  const wanted = () => language ?? select.value;
  const isChanged = () => JSON.stringify(cues) !== JSON.stringify(loaded.cues);

  function keep() {
    if (isChanged()) kept.save({ cues, version, language: wanted() });
    else kept.clear();
    state.textContent = isChanged() ? words.changed : "";
  }

  function closedRow(cue) {
    const fault = faultOf(cue);
    const button = h(
      "button",
      { type: "button", class: fault ? "cue faulty" : "cue" },
      h("span", { class: "cue-time" }, preciseClock(cue.start)),
      h(
        "span",
        { class: "cue-text" },
        h("span", { dir: "auto" }, cue.text.trim() || words.blank),
        fault && h("span", { class: "cue-fault" }, fault),
      ),
    );
    button.addEventListener("click", () => choose(cue));
    return button;
  }

  function rowOf(cue) {
    const item = h("li", {}, cue === open ? formOf(cue) : closedRow(cue));
    item.cue = cue;
    return item;
  }

  function formOf(cue) {
    return cueForm(cue, player, {
      onChange: keep,
      onAdd: () => add(cue),
      onRemove: () => remove(cue),
      onNext: () => choose(cues[cues.indexOf(cue) + 1] ?? cue, { plays: false }),
    });
  }

  const itemOf = (cue) => [...list.children].find((item) => item.cue === cue);

  /** Draw one line anew: the only ones that change are the one that was open and the one that is. */
  function redraw(cue) {
    const item = cue && itemOf(cue);
    if (item) item.replaceWith(rowOf(cue));
  }

  function draw() {
    const first = h("button", { type: "button", class: "button" }, icon("plus"), words.first);
    first.addEventListener("click", () => add(null));
    const empty = h("li", { class: "transcript-empty" }, h("p", { class: "soft" }, words.empty), first);
    append(clear(list), cues.length ? cues.map(rowOf) : empty);
    keep();
  }

  function choose(cue, { seeks = true } = {}) {
    const was = open;
    open = cue;
    if (was && was !== cue) redraw(was);
    redraw(cue);
    if (seeks) player.goTo(cue.start);
    const item = itemOf(cue);
    item?.querySelector("textarea").focus();
    item?.scrollIntoView({ block: "nearest" });
  }

  function add(after) {
    const start = after ? after.end : Math.round(player.position * 100) / 100;
    const next = cues.find((cue) => cue.start > start);
    const fresh = { start, end: next ? Math.min(next.start, start + NEW_S) : start + NEW_S, text: "", settings: "" };
    if (fresh.end <= fresh.start) fresh.end = fresh.start + NEW_S;
    cues.splice(after ? cues.indexOf(after) + 1 : 0, 0, fresh);
    open = fresh;
    draw();
    choose(fresh);
  }

  function remove(cue) {
    const at = cues.indexOf(cue);
    cues.splice(at, 1);
    open = cues[at] ?? cues[at - 1] ?? null;
    draw();
    if (open) choose(open, { seeks: false });
    else list.querySelector("button").focus();
  }

  function tell(sentence, ...actions) {
    append(clear(notice), icon("triangle-alert"), h("p", {}, sentence), h("div", { class: "row" }, actions));
    notice.hidden = false;
  }

  function action(label, work) {
    const button = h("button", { type: "button", class: "button" }, label);
    button.addEventListener("click", () => busy(button, work));
    return button;
  }

  async function conflict() {
    const latest = language
      ? await calls.cues(language)
      : await calls.cues(wanted()).catch(() => ({ version: "", cues: [] }));
    tell(
      words.conflict,
      action(words.theirs, () => {
        [loaded, version, cues, open] = [latest, latest.version, latest.cues.map((cue) => ({ ...cue })), null];
        notice.hidden = true;
        draw();
      }),
      action(words.mine, () => {
        version = latest.version;
        return send();
      }),
    );
  }

  async function send() {
    notice.hidden = true;
    cues.sort(byTime);
    const faulty = cues.filter(faultOf);
    if (faulty.length || !cues.length) {
      draw();
      tell(faulty.length ? words.faults(faulty.length) : words.empty);
      if (faulty.length) choose(faulty[0]);
      return;
    }
    try {
      await calls.saveCues(wanted(), { version, cues });
    } catch (error) {
      if (error.status === 409) await conflict();
      else tell(error.errors?.[0]?.message ?? error.message);
      return;
    }
    kept.clear();
    announce(words.saved);
    await close(wanted());
  }

  async function leave() {
    const ask = { text: words.unsaved, yes: words.leave, no: words.stay };
    if (isChanged() && !(await confirmDialog(ask))) return;
    kept.clear();
    await close(null);
  }

  save.addEventListener("click", () => busy(save, send));
  cancel.addEventListener("click", leave);

  return {
    element,
    begin() {
      draw();
      if (before) announce(words.restored);
      const here = cues.findLast((cue) => cue.start <= player.position) ?? cues[0];
      if (here) choose(here, { seeks: false });
      else list.querySelector("button").focus();
    },
    follow(second) {
      for (const item of list.children) {
        const spoken = item.cue && item.cue.start <= second && second < item.cue.end;
        item.classList.toggle("spoken", Boolean(spoken));
      }
    },
  };
}
