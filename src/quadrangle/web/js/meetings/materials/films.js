import { announce, append, clear, h } from "../../base/dom.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { toast } from "../../parts/overlays/toast.js";
import { timeOf } from "../times.js";
import { lengthOf } from "./lengths.js";
import { part } from "./part.js";
import { sizeOf } from "./sizes.js";
import { texts } from "./texts.js";

const words = texts.films;
const MAKING = ["starting", "running", "stopping", "removing"];

function told({ state, reason, begunAt, endedAt, size }) {
  if (MAKING.includes(state)) return words.making;
  if (state === "removed") return words.wasRemoved;
  if (state === "failed") return reason;
  const seconds = (new Date(endedAt) - new Date(begunAt)) / 1000;
  const facts = words.size(timeOf(begunAt), lengthOf(seconds), sizeOf(size));
  return reason ? `${facts}. ${reason}` : facts;
}

function row(film, names, calls, changed) {
  const name = names[film.desktop];
  const ready = film.state === "ready";
  const fetch = h(
    "button",
    { type: "button", class: "button", "aria-label": words.fetchOf(name) },
    icon("download"),
    words.fetch,
  );
  fetch.addEventListener("click", () =>
    busy(fetch, () =>
      calls.fetchKept("recording", film.recordingId).catch((error) => toast(error.message)),
    ),
  );
  const remove = h("button", { type: "button", class: "button quiet" }, icon("trash-2"), words.remove);
  remove.addEventListener("click", async () => {
    const sure = await confirmDialog({ text: words.removeSure, yes: words.remove, no: words.keep });
    if (!sure) return;
    try {
      await calls.removeFilm(film.recordingId);
      announce(words.gone);
    } catch (error) {
      toast(error.message);
    }
    changed();
  });
  return h(
    "li",
    { class: "film" },
    h(
      "div",
      { class: "handout-what" },
      h("span", { class: "handout-name" }, words.of(name)),
      h("span", { class: "soft small" }, told(film)),
    ),
    ready && h("div", { class: "row" }, fetch, remove),
  );
}

/** The recordings of a meeting; hidden where there are none. `changed` asks for the outcome anew. */
export function filmsPart(names, calls, changed) {
  const list = h("ul", { role: "list", class: "handout-list" });
  const element = part(words.title, h("p", { class: "hint" }, words.hint), list);
  let shown = "";
  return {
    element,
    show({ recordings }) {
      const films = recordings.filter((one) => one.state !== "refused" && one.state !== "asked");
      element.hidden = films.length === 0;
      const now = JSON.stringify(films);
      if (now === shown) return;
      shown = now;
      append(clear(list), films.map((film) => row(film, names, calls, changed)));
    },
    waits: ({ recordings }) => recordings.some((one) => MAKING.includes(one.state)),
  };
}
