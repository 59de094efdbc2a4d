import { requireStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as parts } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { videoPath } from "../addresses.js";
import { texts as common } from "../texts.js";
import { failedRow, runningRow, takenDownRow, waitingRow } from "./rows.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const FRESH_MS = 5_000;
const PATH = "/api/gallery/processing";
const DOWN = "/api/gallery/taken-down";

function section(title, none, rows, { total = rows.length, act } = {}) {
  return h(
    "section",
    { class: "stack", "aria-label": title },
    h("div", { class: "row spread" }, h("h2", {}, title), act),
    rows.length
      ? h("ul", { role: "list", class: "card queue-rows" }, rows)
      : h("p", { class: "soft" }, none),
    total > rows.length && h("p", { class: "soft small" }, words.more(total - rows.length)),
  );
}

async function queuePage() {
  const lead = h("p", { class: "soft" });
  const place = h("div", { class: "stack loose" });
  let shown = "";

  async function act(call, told) {
    try {
      toast(told(await call()));
    } catch (error) {
      toast(error.message);
    }
    await refresh();
  }

  const retry = ({ video_id: id }) =>
    act(() => api.post(`${PATH}/${id}/retry`, {}), () => words.failed.retried);

  const giveBack = ({ video_id: id }) =>
    act(() => api.post(`${videoPath(id)}/give-back`, {}), () => common.takenDown.given);

  function allButton() {
    const button = h("button", { type: "button", class: "button" }, icon("rotate-ccw"), words.failed.all);
    const work = () => act(() => api.post(`${PATH}/retry`, {}), ({ retried }) => words.failed.allDone(retried));
    button.addEventListener("click", () => busy(button, work));
    return button;
  }

  function draw(seen, down) {
    lead.textContent = words.lead(seen.slots);
    const mayPass = seen.failed.some((one) => one.may_pass);
    append(
      clear(place),
      section(words.running.title, words.running.none, seen.running.map(runningRow)),
      section(
        words.waiting.title(seen.waiting_total),
        words.waiting.none,
        seen.waiting.map((one, at) => waitingRow(one, at + 1)),
        { total: seen.waiting_total },
      ),
      section(
        words.failed.title(seen.failed_total),
        words.failed.none,
        seen.failed.map((one) => failedRow(one, () => retry(one))),
        { total: seen.failed_total, act: mayPass && allButton() },
      ),
      section(
        words.takenDown.title(down.total),
        words.takenDown.none,
        down.videos.map((one) => takenDownRow(one, () => giveBack(one))),
        { total: down.total },
      ),
    );
  }

  async function refresh() {
    const [seen, down] = await Promise.all([api.get(PATH), api.get(DOWN)]);
    const shape = JSON.stringify([seen, down]);
    if (shape === shown) return;
    const totals = [seen.waiting_total, seen.failed_total, seen.running.length, down.total];
    const standing = JSON.stringify(totals);
    const focused = place.contains(document.activeElement)
      ? document.activeElement.closest("[data-id]")?.dataset.id
      : null;
    if (shown && standing !== place.dataset.standing) announce(words.updated);
    place.dataset.standing = standing;
    shown = shape;
    draw(seen, down);
    if (focused) place.querySelector(`[data-id="${CSS.escape(focused)}"] button`)?.focus();
  }

  await refresh();
  append(
    clear(main),
    h(
      "div",
      { class: "page stack loose" },
      h("header", { class: "stack tight" }, backLink("/watch", words.back), h("h1", {}, words.title), lead),
      place,
    ),
  );
  setInterval(() => document.hidden || refresh().catch(() => {}), FRESH_MS);
}

document.title = parts.title(words.title);
append(clear(main), skeletonPage());
requireStaff()
  .then(queuePage)
  .catch((error) => pageFailed(main, error));
