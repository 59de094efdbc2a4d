import { api } from "../../base/api.js";
import { announce, h } from "../../base/dom.js";
import { formDialog } from "../../parts/overlays/form-dialog.js";
import { toast } from "../../parts/overlays/toast.js";
import { coursePath, videoPath } from "../addresses.js";
import { visibilityBadge } from "../badges.js";
import { texts } from "./texts.js";

const words = texts.add;
const MOST = 100;

function choice(video) {
  const box = h("input", { type: "checkbox", value: video.id });
  return h(
    "li",
    {},
    h(
      "label",
      { class: "check" },
      box,
      h("span", { class: "check-text", dir: "auto" }, video.title),
      visibilityBadge(video.visibility),
    ),
  );
}

/** Add videos at the end of a course as it is by then: nobody else's change is undone by it. */
async function addTo(path, { items, version }, chosen) {
  const there = items.map(({ video }) => video.id);
  const videos = [...there, ...chosen.filter((id) => !there.includes(id))];
  try {
    await api.put(`${path}/videos`, { videos, version });
  } catch (error) {
    if (error.status !== 409) throw error;
    await addTo(path, await api.get(path), chosen);
  }
}

/** Choose videos to be added at the end. Resolves to the whole course as it is then, or null. */
export async function addDialog(course) {
  const { videos } = await api.get("/api/gallery/videos", { query: { mine: "true", limit: MOST } });
  const inside = new Set(course.items.map(({ video }) => video.id));
  const others = videos.filter((one) => !inside.has(one.id) && !one.of_meeting);
  if (!others.length) {
    toast(videos.length ? words.none : words.noVideos);
    return null;
  }
  const list = h("ul", { role: "list", class: "check-list", "aria-label": words.title }, others.map(choice));
  const opens = h("input", { type: "checkbox", checked: true });
  let added = 0;

  async function save() {
    const chosen = [...list.querySelectorAll("input:checked")].map((box) => Number(box.value));
    const path = coursePath(course.id);
    await addTo(path, course, chosen);
    for (const { id, visibility } of others) {
      if (!opens.checked || visibility !== "private" || !chosen.includes(id)) continue;
      await api.put(videoPath(id), { visibility: "shared" });
    }
    added = chosen.length;
    return api.get(path);
  }

  const whole = await formDialog(
    { title: words.title, submit: words.submit, cancel: texts.form.cancel, save },
    h("p", { class: "soft" }, words.hint),
    list,
    h("label", { class: "check" }, opens, h("span", {}, words.share)),
  );
  if (whole) announce(words.added(added));
  return whole;
}
