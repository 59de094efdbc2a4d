import { clear, h } from "../../base/dom.js";
import { retryNotice } from "../retry-notice.js";
import { texts } from "../texts.js";

// A list that goes on by cursor. `read(cursor, signal)` returns {items, nextCursor}; `draw(item)`
// one <li>; `empty()` what stands there when nothing does.
export function cursorList({ list, foot, read, draw, empty }) {
  let cursor = null;
  let asking = null;
  const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && load(false));

  function showMore() {
    const more = h("button", { type: "button", class: "button" }, texts.list.more);
    more.addEventListener("click", () => load(false));
    foot.replaceChildren(more);
    watcher.observe(more);
  }

  /** Below a list that is another one it is another foot: it did not move there. */
  function renewFoot() {
    if (!foot.parentNode) return; // it is put in its place later
    const next = foot.cloneNode(false);
    foot.replaceWith(next);
    foot = next;
  }

  async function load(fresh) {
    if (!fresh && asking) return;
    asking?.abort();
    const mine = (asking = new AbortController());
    watcher.disconnect();
    try {
      const { items, nextCursor } = await read(fresh ? null : cursor, mine.signal);
      cursor = nextCursor;
      if (fresh) {
        clear(list);
        renewFoot();
      }
      list.append(...items.map(draw));
      clear(foot);
      if (cursor) showMore();
      else if (!list.childElementCount) foot.append(empty());
    } catch (error) {
      if (mine.signal.aborted) return;
      foot.replaceChildren(retryNotice(texts.list.failed, error, () => load(fresh)));
    } finally {
      if (asking === mine) asking = null;
    }
  }

  return { reload: () => load(true) };
}
