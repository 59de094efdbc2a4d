import { append, clear, h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { difference } from "../../parts/forms/merging.js";
import { toast } from "../../parts/overlays/toast.js";
import { texts } from "./texts.js";

const words = texts.stale;

function titlesOf(course, ids) {
  const titles = new Map(course.items.map(({ video }) => [video.id, video.title]));
  return ids.map((id) => titles.get(id)).join(", ");
}

/** What somebody else did with a course, as sentences. */
function changesOf(old, now) {
  const ids = (course) => course.items.map(({ video }) => video.id);
  const { added, removed } = difference(ids(old), ids(now));
  const both = (course) => ids(course).filter((id) => !added.includes(id) && !removed.includes(id));
  return [
    added.length && words.added(titlesOf(now, added)),
    removed.length && words.removed(titlesOf(old, removed)),
    both(old).join() !== both(now).join() && words.reordered,
    old.title !== now.title && words.title(now.title),
    old.openness !== now.openness && words.openness(texts.openness[now.openness]),
    old.description !== now.description && words.description,
  ].filter(Boolean);
}

/** A notice that what was done to an older state was not saved: `{element, tell, clear}`. */
export function staleNotice() {
  const element = h("div", { role: "alert" });
  return {
    element,
    /** Say what is different now, and offer to do `again` what was wanted. */
    tell(old, now, again) {
      const button = h("button", { type: "button", class: "button" }, words.again);
      button.addEventListener("click", () =>
        busy(button, () => again().catch((error) => toast(error.message))),
      );
      const changes = changesOf(old, now).map((each) => h("li", {}, each));
      append(
        clear(element),
        h(
          "div",
          { class: "notice progress" },
          h("div", {}, h("p", {}, words.lead), h("ul", { class: "notice-list", dir: "auto" }, changes)),
          button,
        ),
      );
    },
    clear: () => clear(element),
  };
}
