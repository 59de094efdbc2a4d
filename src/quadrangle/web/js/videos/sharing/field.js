import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { videoPath } from "../addresses.js";
import { peopleField } from "./people.js";
import { texts as words } from "./texts.js";

const MOST_COURSES = 100;

function courseBox({ id, title }, checked) {
  const box = h("input", { type: "checkbox", value: id, checked });
  return h("label", { class: "check" }, box, h("span", { dir: "auto" }, title));
}

/**
 * Whom a video names and the courses it is in, shown while `select` says that it is shared:
 * `{element, save()}`. What could not be loaded is not saved.
 */
export function sharingField(video, select) {
  const path = `${videoPath(video.id)}/sharing`;
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
  let loading = null;
  let loaded = false;

  async function load() {
    const [shared, mine] = await Promise.all([
      api.get(path),
      api.get("/api/courses", { query: { mine: "true", limit: MOST_COURSES } }),
    ]);
    const inside = new Set(shared.courses.map((one) => one.id));
    const others = mine.courses.filter((one) => !inside.has(one.id));
    people.load(shared.people);
    append(
      clear(boxes),
      shared.courses.map((one) => courseBox(one, true)),
      others.map((one) => courseBox(one, false)),
      !shared.courses.length && !others.length && h("p", { class: "soft small" }, words.noCourses),
    );
    loaded = true;
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
    async save() {
      if (element.hidden) return;
      await loading;
      if (!loaded) return;
      const courses = [...boxes.querySelectorAll("input:checked")].map((box) => box.value);
      await api.put(path, { people: people.addresses(), courses });
    },
  };
}
