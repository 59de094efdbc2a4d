import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { difference, joinSets } from "../../parts/forms/merging.js";
import { videoPath } from "../addresses.js";
import { peopleField } from "./people.js";
import { texts as words } from "./texts.js";

const MOST_COURSES = 100;

function courseBox({ id, title }, checked) {
  const box = h("input", { type: "checkbox", value: id, checked });
  return h("label", { class: "check" }, box, h("span", { dir: "auto" }, title));
}

const NOBODY = { people: [], courses: [], disabled: 0 };

/**
 * Whom a video names and the courses it is in, shown while `select` says that it is shared:
 * `{element, choice(), belongsTo(videoId), save()}`. What could not be loaded is not saved. Without
 * a `video` it begins with what was `kept` of an earlier choice, and is saved once it belongs to
 * one.
 */
export function sharingField(video, select, kept = null) {
  const pathOf = (id) => `${videoPath(id)}/sharing`;
  let path = video && pathOf(video.id);
  const people = peopleField("people");
  const boxes = h("div", { class: "check-list" });
  const trouble = h("p", { class: "error", hidden: true });
  const element = h(
    "div",
    { class: "stack sharing", hidden: true },
    trouble,
    people.element,
    h(
      "fieldset",
      { class: "field", dataset: { field: "courses" } },
      h("legend", {}, words.courses),
      h("p", { class: "error", hidden: true }),
      boxes,
    ),
  );
  const disabled = h("p", { class: "soft small", hidden: true });
  people.element.append(disabled);
  let loading = null;
  let loaded = null;
  const names = new Map();

  const emailsOf = (shared) => shared.people.map((one) => one.email);
  const idsOf = (shared) => shared.courses.map((one) => one.id);
  const chosen = () => [...boxes.querySelectorAll("input:checked")].map((box) => box.value);

  function note(shared) {
    loaded = shared;
    for (const one of shared.people) names.set(one.email, one);
    for (const one of shared.courses) names.set(one.id, one);
    disabled.textContent = words.disabled(shared.disabled);
    disabled.hidden = !shared.disabled;
  }

  async function load() {
    const [shared, mine] = await Promise.all([
      path ? api.get(path) : NOBODY,
      api.get("/api/courses", { query: { mine: "true", limit: MOST_COURSES } }),
    ]);
    const inside = new Set(shared.courses.map((one) => one.id));
    const others = mine.courses.filter((one) => !inside.has(one.id));
    people.load([...shared.people, ...(kept?.people ?? []).map((email) => ({ email }))]);
    append(
      clear(boxes),
      shared.courses.map((one) => courseBox(one, true)),
      others.map((one) => courseBox(one, kept?.courses.includes(one.id) ?? false)),
      !shared.courses.length && !others.length && h("p", { class: "soft small" }, words.noCourses),
    );
    note(shared);
  }

  /** Join what somebody else saved with what is chosen here; gives a sentence that says so. */
  function join(wanted, theirs) {
    const old = loaded;
    note(theirs);
    const emails = joinSets(emailsOf(old), wanted.people, emailsOf(theirs));
    people.replace(emails.map((email) => names.get(email) ?? { email }));
    const inside = joinSets(idsOf(old), wanted.courses, idsOf(theirs));
    const shown = new Set([...boxes.querySelectorAll("input")].map((box) => box.value));
    append(boxes, theirs.courses.filter(({ id }) => !shown.has(id)).map((one) => courseBox(one, true)));
    for (const box of boxes.querySelectorAll("input")) box.checked = inside.includes(box.value);
    const parts = [difference(emailsOf(old), emailsOf(theirs)), difference(idsOf(old), idsOf(theirs))];
    const called = (keys) => keys.map((key) => names.get(key).name ?? names.get(key).title).join(", ");
    const [gained, lost] = ["added", "removed"].map((which) => parts.flatMap((part) => part[which]));
    const said = [gained.length && words.gained(called(gained)), lost.length && words.lost(called(lost))];
    return words.stale(said.filter(Boolean).join(" "));
  }

  function arrange() {
    element.hidden = select.value !== "shared";
    if (element.hidden || loading) return;
    loading = load().catch((error) => {
      trouble.textContent = words.failed(error.message);
      trouble.hidden = false;
      loading = null;
    });
  }

  select.addEventListener("change", arrange);
  arrange();
  return {
    element,
    /** What is chosen here now, to be kept: addresses, and ids of courses. */
    choice: () =>
      loaded ? { people: people.added(), courses: chosen() } : (kept ?? { people: [], courses: [] }),
    /** From now on it is saved with this video, which nobody has shared yet. */
    belongsTo(id) {
      path = pathOf(id);
    },
    async save() {
      if (element.hidden) return;
      await loading;
      if (!loaded) return;
      const wanted = { people: people.addresses(), courses: chosen() };
      try {
        note(await api.put(path, { ...wanted, version: loaded.version }));
      } catch (error) {
        if (error.status !== 409) throw error;
        throw new Error(join(wanted, await api.get(path)));
      }
    },
  };
}
