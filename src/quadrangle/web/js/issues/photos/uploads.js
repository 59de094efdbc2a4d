import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";
import { preview } from "./picker.js";
import { sendPhoto } from "./sending.js";

const SIDE_BY_SIDE = 2;

/**
 * Send pictures to an issue, two at a time, with their progress; those that fail can be sent
 * again. `onSent` is called with what `sendPhoto` returns for each; `keepSent` false takes it off
 * this list then. `send(photos)` adds pictures.
 */
export function uploads(issueId, { onSent = () => {}, keepSent = true } = {}) {
  const list = h("ul", { role: "list", class: "upload-list", hidden: true });
  const waiting = [];
  let running = 0;
  let failed = 0;

  const leaving = (event) => event.preventDefault();

  function settle() {
    const busy = running > 0 || waiting.length > 0;
    // Leaving now would lose pictures: browsers then ask.
    if (busy) addEventListener("beforeunload", leaving);
    else {
      removeEventListener("beforeunload", leaving);
      announce(failed ? words.someFailed(failed) : words.allSent);
    }
  }

  function next() {
    while (running < SIDE_BY_SIDE && waiting.length) run(waiting.shift());
  }

  async function run(item) {
    running += 1;
    item.sending();
    try {
      const photo = await sendPhoto(issueId, item.photo.blob, { onProgress: item.progress });
      item.sent();
      onSent(photo);
    } catch (error) {
      failed += 1;
      item.failed(error);
    } finally {
      running -= 1;
      settle();
      next();
    }
  }

  function retryable(photo, i) {
    const name = photo.name || words.numbered(i);
    const state = h("div", { class: "upload-state" });
    const row = h("li", { class: "upload" }, preview(photo.url), state);
    const bar = h("progress", { max: 1, "aria-label": words.progress(name) });
    const item = {
      photo,
      sending() {
        bar.removeAttribute("value");
        append(clear(state), h("span", {}, words.sending), bar);
      },
      progress(part) {
        bar.value = part;
      },
      sent() {
        if (!keepSent) {
          row.remove();
          URL.revokeObjectURL(photo.url);
          list.hidden = list.childElementCount === 0;
          return;
        }
        row.classList.add("sent");
        append(clear(state), icon("circle-check"), h("span", {}, words.sent));
      },
      failed(error) {
        const again = h(
          "button",
          { type: "button", class: "button" },
          icon("rotate-ccw"),
          words.retry,
        );
        again.addEventListener("click", () => {
          failed -= 1;
          enqueue(item);
        });
        append(
          clear(state),
          h(
            "p",
            { class: "photo-error" },
            words.notSent(error.errors?.[0]?.message ?? error.message),
          ),
          again,
        );
      },
    };
    list.append(row);
    return item;
  }

  function enqueue(item) {
    waiting.push(item);
    settle();
    next();
  }

  return {
    element: list,
    send(photos) {
      list.hidden = list.hidden && photos.length === 0;
      photos.forEach((photo, i) => enqueue(retryable(photo, i + 1)));
    },
  };
}
