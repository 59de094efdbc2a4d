import { address } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";
import { relative } from "../../base/time.js";


function tool(name, label, onPress) {
  return h(
    "button",
    {
      type: "button",
      class: "button icon-only",
      "aria-label": label,
      title: label,
      on: { click: onPress },
    },
    icon(name),
  );
}

/** A window that shows the pictures of an issue one by one: `open(photos, index)`. */
export function photoViewer() {
  let photos = [];
  let at = 0;
  const image = h("img", { alt: "" });
  const caption = h("p", { "aria-live": "polite" });
  const previous = tool("chevron-left", words.previous, () => show(at - 1));
  const next = tool("chevron-right", words.next, () => show(at + 1));
  const close = tool("x", words.close, () => dialog.close());
  const dialog = h(
    "dialog",
    { class: "viewer", "aria-label": words.title },
    h("div", { class: "viewer-bar" }, previous, next, caption, close),
    h("div", { class: "viewer-stage" }, image),
  );

  async function show(index) {
    at = (index + photos.length) % photos.length;
    const photo = photos[at];
    previous.hidden = next.hidden = photos.length < 2;
    caption.textContent = words.position(at + 1, photos.length, relative(photo.at));
    image.removeAttribute("src");
    image.alt = words.position(at + 1, photos.length, relative(photo.at));
    image.width = photo.width;
    image.height = photo.height;
    image.src = await address(photo.url);
  }

  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && photos.length > 1) show(at + step);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.matches(".viewer, .viewer-stage")) dialog.close();
  });
  document.body.append(dialog);
  return {
    open(list, index) {
      photos = list;
      show(index);
      dialog.showModal();
    },
  };
}
