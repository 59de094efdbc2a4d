import { config, knownConfig } from "../base/config.js";
import { append, clear, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts as common } from "../parts/texts.js";
import { myReportsCard } from "./mine/card.js";
import { texts } from "./texts.js";
import { findForm } from "./track/find-form.js";
import { texts as track } from "./track/texts.js";

const words = texts.home;

function hero() {
  return h(
    "section",
    { class: "hero" },
    h("img", { class: "hero-mark", src: new URL("../../img/mark.svg", import.meta.url).href, alt: "", width: 32, height: 32 }),
    h(
      "p",
      { class: "eyebrow only-wide", dataset: { campus: "" } },
      knownConfig()?.campusName ?? common.product,
    ),
    h("h1", {}, words.title),
    h("p", { class: "lead" }, words.lead),
    h("a", { class: "button primary large", href: "/report" }, icon("megaphone"), words.action),
  );
}

/**
 * Cards of other services, drawn by their own scripts where the service is switched on. Most are:
 * until it is known they keep their room, so that nothing moves.
 */
const doors = [
  { service: "meetings", card: h("q-meet-door", { class: "card door" }) },
  { service: "videos", card: h("q-watch-door", { class: "card door" }) },
];
function showDoors(services) {
  for (const { service, card } of doors) card.hidden = !services?.includes(service);
}

append(
  clear(document.querySelector("main")),
  h(
    "div",
    { class: "page home" },
    hero(),
    h(
      "div",
      { class: "doors" },
      doors.map(({ card }) => card),
    ),
    myReportsCard(),
    h(
      "section",
      { class: "card find", "aria-labelledby": "find-title" },
      h("h2", { id: "find-title" }, track.find.title),
      findForm(),
    ),
  ),
);
if (knownConfig()) showDoors(knownConfig().services);
config()
  .then(({ services }) => showDoors(services))
  .catch(() => {}); // the card of what is not known is not missed
