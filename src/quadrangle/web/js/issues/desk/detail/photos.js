import { address, api } from "../../../base/api.js";
import { announce, clear, h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { sendPhoto } from "../../photos/sending.js";
import { toast } from "../../../parts/overlays/toast.js";
import { photoViewer } from "./photo-viewer.js";
import { texts } from "../texts.js";

const words = texts.detail;

// Thumbnails of an issue's photos; one opens them all large.
export function photosPart(thread, { config, reload }) {
  const { issueId } = thread.issue;
  const { perIssue, types } = config.photoLimit;
  const grid = h("ul", { role: "list", class: "photos" });
  const choose = h("input", {
    type: "file",
    class: "visually-hidden",
    accept: types.join(","),
    tabindex: "-1",
    "aria-label": words.addPhoto,
    hidden: true,
  });
  const add = h(
    "button",
    { type: "button", class: "add-photo" },
    icon("camera"),
    h("span", {}, words.addPhoto),
  );
  const adding = h("li", {}, add, choose);
  let photos = null;

  const viewer = photoViewer(async (photo) => {
    await api.delete(`/api/issues/${issueId}/photos/${photo.photoId}`);
    toast(words.photoDeleted);
    await reload();
    add.focus();
  });

  async function thumbnail(photo, at) {
    const [width, height] = [photo.width, photo.height];
    const image = h("img", {
      src: await address(photo.thumbnailUrl),
      alt: "",
      width,
      height,
      loading: "lazy",
    });
    const button = h(
      "button",
      { type: "button", "aria-label": words.photo(at + 1, photos.length) },
      image,
    );
    button.addEventListener("click", () => viewer.open(photos, at));
    return h("li", {}, button);
  }

  async function update({ photos: now }) {
    if (!now) return;
    const ids = (list) => list?.map((photo) => photo.photoId).join();
    adding.hidden = now.length >= perIssue;
    if (ids(now) === ids(photos)) return;
    photos = now;
    clear(grid).append(...(await Promise.all(photos.map(thumbnail))), adding);
    grid.classList.toggle("none", photos.length === 0);
  }

  async function send(file) {
    const label = add.lastElementChild;
    add.setAttribute("aria-busy", "true");
    try {
      await sendPhoto(issueId, file, {
        onProgress: (part) => (label.textContent = words.uploading(Math.round(part * 100))),
      });
      await reload();
    } catch (error) {
      toast(error.errors?.[0]?.message ?? error.message);
    } finally {
      add.removeAttribute("aria-busy");
      label.textContent = words.addPhoto;
    }
  }

  add.addEventListener("click", () => choose.click());
  choose.addEventListener("change", async () => {
    const [file] = choose.files;
    choose.value = "";
    if (file) {
      announce(words.uploading(0));
      await send(file);
    }
  });
  update(thread);
  const element = h(
    "section",
    { class: "detail-photos", "aria-labelledby": "photos-title" },
    h("h3", { id: "photos-title", class: "visually-hidden" }, words.photos),
    grid,
  );
  return { element, update };
}
