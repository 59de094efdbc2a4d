import { announce, append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

const BY_ENDING = { heic: "image/heic", heif: "image/heif", jpg: "image/jpeg", jpeg: "image/jpeg" };

// Some systems do not know HEIC pictures and give them no type.
function typeOf(file) {
  return file.type || BY_ENDING[file.name.split(".").pop().toLowerCase()] || "";
}

function fault(file, limit) {
  const type = typeOf(file);
  if (limit.types?.length && !limit.types.includes(type)) return words.wrongType(file.name);
  if (file.size === 0) return words.emptyFile(file.name);
  if (file.size > limit.bytes) return words.tooLarge(file.name, limit.bytes);
  return null;
}

/** A picture of a local file; where the browser cannot show its kind, a sign instead. */
export function preview(url) {
  const image = h("img", { src: url, alt: "" });
  image.addEventListener("error", () => image.replaceWith(icon("image")));
  return h("span", { class: "photo-frame" }, image);
}

function chooser(label, iconName, attributes, onFiles) {
  const input = h("input", {
    type: "file",
    accept: "image/*",
    class: "visually-hidden",
    ...attributes,
  });
  input.addEventListener("change", () => {
    onFiles([...input.files]);
    input.value = ""; // the same file can be chosen again after it was removed
  });
  return h("label", { class: "button photo-button" }, input, icon(iconName), label);
}

/**
 * Choose pictures: camera first on a phone. `onChange` is called with the list of
 * `{blob, name, url}`. `limit` is `photoLimit` of /api/config; `setRoom(n)` says how many more the
 * issue takes.
 */
export function photoPicker({ limit, onChange = () => {} }) {
  const photos = [];
  let room = limit.perIssue;
  const list = h("ul", { role: "list", class: "photo-list", "aria-label": words.chosen });
  const error = h("div", { class: "photo-errors", role: "alert" });
  const buttons = h(
    "div",
    { class: "row photo-buttons" },
    chooser(words.camera, "camera", { id: "photo-camera", capture: "environment" }, add),
    chooser(words.choose, "images", { id: "photo-choose", multiple: true }, add),
  );
  const element = h("div", { class: "photo-picker stack tight" }, buttons, error, list);

  function draw() {
    clear(list).append(
      ...photos.map((photo, i) => {
        const label = words.remove(photo.name || words.numbered(i + 1));
        const remove = h(
          "button",
          { type: "button", class: "photo-remove", "aria-label": label, title: label },
          icon("x"),
        );
        remove.addEventListener("click", () => {
          URL.revokeObjectURL(photo.url);
          photos.splice(i, 1);
          changed();
          announce(words.count(photos.length));
          (list.querySelectorAll("button")[i] ?? element.querySelector("#photo-choose")).focus();
        });
        return h("li", {}, preview(photo.url), remove);
      }),
    );
    list.hidden = photos.length === 0;
    for (const input of buttons.querySelectorAll("input")) input.disabled = photos.length >= room;
    buttons.classList.toggle("full", photos.length >= room);
  }

  function changed() {
    draw();
    onChange(photos);
  }

  function add(files) {
    const faults = [];
    for (const file of files) {
      const wrong = photos.length >= room ? words.tooMany(room) : fault(file, limit);
      if (wrong) {
        if (!faults.includes(wrong)) faults.push(wrong);
        continue;
      }
      const blob = file.type ? file : new Blob([file], { type: typeOf(file) });
      photos.push({ blob, name: file.name, url: URL.createObjectURL(file) });
    }
    append(
      clear(error),
      faults.map((one) => h("p", { class: "photo-error" }, one)),
    );
    changed();
    announce(words.count(photos.length));
  }

  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });

  draw();
  return {
    element,
    photos,
    setLimit(next) {
      limit = next;
      room = next.perIssue;
      draw();
    },
    setRoom(n) {
      room = Math.max(0, n);
      draw();
    },
    /** Take the chosen pictures out, to be sent. */
    take() {
      const taken = photos.splice(0);
      changed();
      return taken;
    },
  };
}
