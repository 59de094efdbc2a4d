import { clear, h } from "../dom.js";
import { icon } from "../icons.js";
import { outbox as words } from "./texts-outbox.js";
import { texts } from "./texts.js";

// A list that goes on by cursor. `read(cursor, signal)` returns {items, nextCursor}; `draw(item)`
// one <li>; `empty()` what stands there when nothing does.
export function cursorList({ list, foot, read, draw, empty }) {
  let cursor = null;
  let asking = null;
  const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && load(false));

  function showMore() {
    const more = h("button", { type: "button", class: "button" }, texts.desk.loadMore);
    more.addEventListener("click", () => load(false));
    foot.replaceChildren(more);
    watcher.observe(more);
  }

  async function load(fresh) {
    if (!fresh && asking) return;
    asking?.abort();
    const mine = (asking = new AbortController());
    watcher.disconnect();
    try {
      const { items, nextCursor } = await read(fresh ? null : cursor, mine.signal);
      cursor = nextCursor;
      if (fresh) clear(list);
      list.append(...items.map(draw));
      clear(foot);
      if (cursor) showMore();
      else if (!list.childElementCount) foot.append(empty());
    } catch (error) {
      if (mine.signal.aborted) return;
      const again = h(
        "button",
        { type: "button", class: "button" },
        icon("refresh-cw"),
        texts.desk.tryAgain,
      );
      again.addEventListener("click", () => load(fresh));
      foot.replaceChildren(
        h(
          "div",
          { class: "notice urgent", role: "alert" },
          h("p", {}, `${words.failed} ${error.message}`),
          again,
        ),
      );
    } finally {
      if (asking === mine) asking = null;
    }
  }

  return { reload: () => load(true) };
}
