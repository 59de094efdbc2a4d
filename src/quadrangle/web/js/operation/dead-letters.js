import { api } from "../base/api.js";
import { confirmDialog } from "../parts/overlays/confirm.js";
import { h } from "../base/dom.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { timeElement } from "../base/time.js";
import { toast } from "../parts/overlays/toast.js";
import { cursorList } from "../parts/lists/cursor-list.js";
import { texts } from "./texts.js";

const words = texts.deadLetters;
const SIZE = 50;

// Jobs that used up their attempts; a person decides what becomes of them.
export function deadLetters({ isAdmin, onCount }) {
  const items = h("ul", { role: "list", class: "dead-list" });
  const foot = h("div", { class: "list-foot" });
  const title = h("h2", { class: "visually-hidden", tabindex: "-1" }, words.title);

  async function read(cursor, signal) {
    const query = { limit: SIZE };
    if (cursor) query.cursor = cursor;
    const { jobs, nextCursor, count } = await api.get("/api/jobs/dead", { query, signal });
    onCount(count);
    return { items: jobs, nextCursor };
  }

  const list = cursorList({ list: items, foot, read, draw, empty });

  async function settle(button, work, done) {
    await busy(button, async () => {
      try {
        await work();
        toast(done);
        title.focus();
      } catch (error) {
        toast(error.message);
      }
      await list.reload();
    });
  }

  function draw(job) {
    const again = h(
      "button",
      { type: "button", class: "button" },
      icon("rotate-ccw"),
      words.requeue,
    );
    again.addEventListener("click", () =>
      settle(again, () => api.post(`/api/jobs/dead/${job.jobId}/requeue`), words.requeued),
    );
    const remove = h(
      "button",
      { type: "button", class: "button danger" },
      icon("trash-2"),
      words.remove,
    );
    remove.addEventListener("click", async () => {
      const sure = await confirmDialog({
        text: words.removeSure,
        yes: words.remove,
        no: words.keep,
      });
      if (sure)
        await settle(remove, () => api.delete(`/api/jobs/dead/${job.jobId}`), words.removed);
    });
    return h(
      "li",
      { class: "card dead" },
      h(
        "div",
        { class: "dead-head" },
        h("h3", {}, h("code", {}, job.function)),
        h(
          "p",
          { class: "soft small" },
          `${words.failedAt} `,
          timeElement(job.failedAt),
          `, ${words.attempts(job.attempts)}`,
        ),
      ),
      h("p", { class: "dead-error" }, job.lastError),
      h(
        "details",
        { class: "disclosure" },
        h("summary", {}, words.payload),
        h("pre", {}, JSON.stringify(job.payload, null, 2)),
      ),
      h("div", { class: "toolbar" }, again, isAdmin && remove),
    );
  }

  function empty() {
    return h(
      "div",
      { class: "empty" },
      icon("circle-check"),
      h("p", {}, words.none),
      h("a", { class: "button", href: "/desk" }, words.toDesk),
    );
  }

  const element = h(
    "div",
    { class: "page dead-letters" },
    title,
    h("p", { class: "soft" }, words.hint),
    items,
    foot,
  );
  return { element, reload: list.reload };
}
