import { address } from "../../base/api.js";
import { clear, h } from "../../base/dom.js";
import { photoPicker } from "../photos/picker.js";
import { uploads } from "../photos/uploads.js";
import { photoViewer } from "../photos/viewer.js";
import { texts as photoTexts } from "../photos/texts.js";
import { texts } from "./texts.js";
import { relative } from "../../base/time.js";

const words = texts.photos;

/** The pictures of an issue, and a way to add some. `onSent` is called after each. */
export function photoSection(issueId, onSent) {
  const viewer = photoViewer();
  const grid = h("ul", { role: "list", class: "photo-list", "aria-label": words.title });
  const empty = h("p", { class: "soft" }, words.empty);
  const sending = uploads(issueId, { onSent, keepSent: false });
  let picker = null;
  let limit = null;
  let shown = "";
  const place = h("div", {});

  function thumbnail(photos, i) {
    const photo = photos[i];
    const label = photoTexts.position(i + 1, photos.length, relative(photo.at));
    const image = h("img", { alt: "", loading: "lazy", width: 104, height: 104 });
    address(photo.thumbnailUrl).then((url) => (image.src = url));
    const button = h(
      "button",
      { type: "button", class: "photo-frame", "aria-label": words.open(label) },
      image,
    );
    button.addEventListener("click", () => viewer.open(photos, i));
    return h("li", {}, button);
  }

  function room(photos) {
    if (limit) picker.setRoom(limit.perIssue - photos.length);
  }

  let last = [];
  return {
    element: h(
      "section",
      { class: "card stack", "aria-labelledby": "photos-title" },
      h("h2", { id: "photos-title" }, words.title),
      grid,
      empty,
      sending.element,
      place,
    ),
    show(photos) {
      last = photos;
      room(photos);
      const now = photos.map((photo) => photo.photoId).join();
      empty.hidden = photos.length > 0;
      grid.hidden = photos.length === 0;
      if (now === shown) return; // pictures do not flicker when something else changed
      shown = now;
      clear(grid).append(...photos.map((_, i) => thumbnail(photos, i)));
    },
    setLimit(photoLimit) {
      limit = photoLimit;
      picker ??= photoPicker({
        limit,
        onChange: (chosen) => {
          if (chosen.length) sending.send(picker.take());
        },
      });
      if (!picker.element.isConnected) place.append(picker.element);
      room(last);
    },
  };
}
