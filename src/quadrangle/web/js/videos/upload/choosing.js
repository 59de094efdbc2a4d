import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as words } from "./texts.js";

const ACCEPT = "video/*,audio/*,.mkv,.ts,.mts,.m2ts,.ogv,.flv,.wmv";

/** What was dropped: `[{file, handle}]`, folders left out; the handle is null in most browsers. */
async function dropped(transfer) {
  // the list is emptied once this turn is over, so all is asked for before anything is awaited
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const asked = items.map((item) => ({
    file: item.webkitGetAsEntry?.()?.isDirectory ? null : item.getAsFile(),
    handle: item.getAsFileSystemHandle?.() ?? null,
  }));
  const found = asked.filter(({ file }) => file);
  return Promise.all(
    found.map(async ({ file, handle }) => ({ file, handle: await handle?.catch(() => null) })),
  );
}

async function picked() {
  const handles = await showOpenFilePicker({ multiple: true });
  return Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
}

/** A place to drop files on, with a button to choose them. `onFiles` gets `[{file, handle}]`. */
export function dropZone(onFiles, hint) {
  const input = h("input", {
    type: "file",
    id: "video-files",
    class: "visually-hidden",
    multiple: true,
    accept: ACCEPT,
  });
  const button = h("label", { class: "button primary file-button" }, input, icon("upload"), words.choose);
  const zone = h(
    "div",
    { class: "drop-zone" },
    icon("film"),
    h("p", { class: "drop-words only-pointer" }, words.drop, h("span", { class: "soft" }, ` ${words.or}`)),
    button,
    hint,
  );

  input.addEventListener("click", async (event) => {
    if (!("showOpenFilePicker" in globalThis)) return;
    event.preventDefault();
    // closing the window without a choice is an error to the browser
    const files = await picked().catch(() => []);
    if (files.length) onFiles(files);
  });
  input.addEventListener("change", () => {
    onFiles([...input.files].map((file) => ({ file, handle: null })));
    input.value = "";
  });

  // Files may fall anywhere on the page: a miss must not make the browser open them instead.
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("over");
  });
  addEventListener("drop", async (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.remove("over");
    onFiles(await dropped(event.dataTransfer));
  });
  return { element: zone, open: () => input.click() };
}
