import { address } from "../../../base/api.js";
import { clear, h } from "../../../base/dom.js";
import { iconButton } from "../../../parts/icon-button.js";
import { toast } from "../../../parts/overlays/toast.js";
import { texts } from "../texts.js";

const words = texts.detail;

const tool = (iconName, label) => iconButton(iconName, label, "button icon-only");

// Photos large, one at a time: arrow keys move, `onDelete(photo)` removes the one that is shown.
export function photoViewer(onDelete) {
  const image = h("img", { alt: "" });
  const position = h("p", { "aria-live": "polite" });
  const [previous, next] = [
    tool("chevron-left", words.previous),
    tool("chevron-right", words.next),
  ];
  const [remove, close] = [tool("trash-2", words.deletePhoto), tool("x", words.closePhotos)];
  const sure = h("div", {
    class: "photo-sure",
    role: "group",
    "aria-label": words.deletePhotoSure,
  });
  const dialog = h(
    "dialog",
    { class: "photo-viewer", "aria-label": words.photos },
    h("div", { class: "photo-bar" }, position, remove, close),
    h("div", { class: "photo-stage" }, image),
    h("div", { class: "photo-move" }, previous, next),
    sure,
  );
  let photos = [];
  let at = 0;

  async function show(index) {
    at = (index + photos.length) % photos.length;
    clear(sure);
    const photo = photos[at];
    position.textContent = words.photo(at + 1, photos.length);
    image.alt = words.photo(at + 1, photos.length);
    image.width = photo.width;
    image.height = photo.height;
    image.src = await address(photo.url);
    previous.hidden = next.hidden = photos.length < 2;
  }

  function ask() {
    const yes = h("button", { type: "button", class: "button danger primary" }, words.deletePhoto);
    const no = h("button", { type: "button", class: "button" }, words.keepPhoto);
    no.addEventListener("click", () => {
      clear(sure);
      remove.focus();
    });
    yes.addEventListener("click", async () => {
      try {
        await onDelete(photos[at]);
        dialog.close();
      } catch (error) {
        toast(error.message);
      }
    });
    sure.replaceChildren(h("p", {}, words.deletePhotoSure), yes, no);
    no.focus();
  }

  previous.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  remove.addEventListener("click", ask);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
  });
  return {
    open(list, index) {
      photos = list;
      document.body.append(dialog);
      show(index);
      dialog.showModal();
    },
  };
}
