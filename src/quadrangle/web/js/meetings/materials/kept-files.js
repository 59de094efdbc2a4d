import { append, clear, h } from "../../base/dom.js";
import { exact } from "../../base/time.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { part } from "./part.js";
import { sizeOf } from "./sizes.js";
import { texts } from "./texts.js";

const words = texts.keptFiles;

function row({ fileId, name, size }, calls) {
  const fetch = h(
    "button",
    { type: "button", class: "button", "aria-label": words.fetchOf(name) },
    icon("download"),
    words.fetch,
  );
  fetch.addEventListener("click", () =>
    busy(fetch, () => calls.fetchKept("handout", fileId).catch((error) => toast(error.message))),
  );
  return h(
    "li",
    { class: "film" },
    h(
      "div",
      { class: "handout-what" },
      h("span", { class: "handout-name", dir: "auto" }, name),
      h("span", { class: "soft small" }, sizeOf(size)),
    ),
    fetch,
  );
}

/** The files that were handed out, for the two people of a meeting that is over, as long as they
 * are kept: an element that is hidden where there are none. */
export function keptFilesPart({ keptUntil, mayFetch }, calls) {
  const list = h("ul", { role: "list", class: "handout-list" });
  const element = part(words.title, list, keptUntil && h("p", { class: "soft" }, words.kept(exact(keptUntil))));
  element.hidden = true;
  if (keptUntil && mayFetch) {
    calls.files().then(({ files }) => {
      element.hidden = files.length === 0;
      append(clear(list), files.map((file) => row(file, calls)));
    }, () => {});
  }
  return element;
}
