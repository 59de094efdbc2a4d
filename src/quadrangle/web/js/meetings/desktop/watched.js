import { announce, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.watching;

/** Who of the other side sees one's own desktop, from what the server says of the meeting. */
export function watchersOf({ watching, hand }, { role, names, person }) {
  if (person) return [];
  return watching
    .filter((side) => side !== role)
    .map((side) => ({
      name: names?.[side] ?? side,
      right: side === "teacher" && hand === "teacher" ? "control" : "watch",
    }));
}

/**
 * Says for as long as it is so who else sees the desktop. `show([{name, right}])`; whoever has
 * `control` can be sent back, which calls `onTakeBack`.
 */
export function watchedBadges(onTakeBack) {
  const list = h("ul", { role: "list", class: "desk-watched", "aria-label": words.list });
  list.hidden = true;
  let shown = new Map();

  function badge({ name, right }) {
    const helps = right === "control";
    const said = helps ? words.helps(name) : words.watches(name);
    const item = h(
      "li",
      { class: "desk-watcher", dataset: { right } },
      icon(helps ? "mouse-pointer" : "eye"),
      h("span", { dir: "auto" }, said),
    );
    if (helps && onTakeBack) {
      const back = h("button", { type: "button", class: "button small" }, words.takeBack);
      back.addEventListener("click", onTakeBack);
      item.append(back);
    }
    return item;
  }

  return {
    element: list,
    show(people) {
      const now = new Map(people.map((person) => [person.name, person.right]));
      const said = people
        .filter(({ name, right }) => shown.get(name) !== right)
        .map(({ name, right }) => (right === "control" ? words.helps : words.watches)(name));
      for (const name of shown.keys()) if (!now.has(name)) said.push(words.stopped(name));
      shown = now;
      list.hidden = people.length === 0;
      list.replaceChildren(...people.map(badge));
      if (said.length) announce(said.join(" "));
    },
  };
}
