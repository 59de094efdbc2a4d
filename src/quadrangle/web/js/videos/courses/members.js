import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { toast } from "../../parts/overlays/toast.js";
import { coursePath } from "../addresses.js";
import { addingPeople } from "../sharing/adding.js";
import { addressField, personRow } from "../sharing/people.js";
import { texts } from "./texts.js";

const words = texts.members;

/** Who is a member, for the teacher: `{element, follow(course)}`. */
export function membersSection(course) {
  const path = `${coursePath(course.id)}/members`;
  const list = h("ul", { role: "list", class: "person-rows", "aria-label": words.list });
  const note = h("p", { class: "soft small" });
  const form = h("form", { novalidate: true, class: "stack" });
  const line = addressField({ name: "email", label: words.label }, (emails) => adding(emails));
  const adding = addingPeople(form, line.input, {
    add: (email) => api.post(path, { email }),
    async done(added) {
      await load();
      announce(added.length === 1 ? words.added(added[0].name) : words.addedSome(added.length));
    },
  });
  append(form, line.element);
  let people = [];
  let openness = course.openness;

  async function remove(person) {
    try {
      await api.delete(`${path}/${encodeURIComponent(person.account_id)}`);
      people = people.filter((one) => one !== person);
      draw();
      announce(words.removed(person.name));
      line.input.focus();
    } catch (error) {
      toast(error.message);
    }
  }

  function draw() {
    append(clear(list), people.map((one) => personRow(one, () => remove(one))));
    list.hidden = !people.length;
    note.textContent = openness === "members" ? (people.length ? "" : words.none) : words.open;
    note.hidden = !note.textContent;
  }

  async function load() {
    try {
      ({ people } = await api.get(path));
      draw();
    } catch (error) {
      append(clear(list), h("li", {}, retryNotice(words.failed, error, load)));
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  draw();
  load();
  const element = h(
    "section",
    { class: "stack card course-members", "aria-labelledby": "members-title" },
    h("h2", { id: "members-title" }, words.title),
    form,
    note,
    list,
  );
  return {
    element,
    follow(changed) {
      ({ openness } = changed);
      draw();
    },
  };
}
