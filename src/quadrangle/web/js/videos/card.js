import { h } from "../base/dom.js";
import { timeElement } from "../base/time.js";
import { icon } from "../parts/icons.js";
import { streamPath, watchAddress } from "./addresses.js";
import { clock, spoken } from "./amounts.js";
import { statusBadge, visibilityBadge } from "./badges.js";
import { watched } from "./resume.js";
import { texts as common } from "./texts.js";
import { texts as words } from "./gallery/texts.js";

/** How far somebody watched a video: a bar on its picture, and words for who does not see it. */
function resumeBar(id) {
  const before = watched(id);
  if (!before) return null;
  const percent = before.over ? 100 : Math.max(2, Math.round((before.at / before.of) * 100));
  const bar = h("span", { class: "resume-part" });
  bar.style.width = `${percent}%`;
  return h(
    "span",
    { class: "resume" },
    bar,
    h("span", { class: "visually-hidden" }, before.over ? words.seen : words.watched(percent)),
  );
}

/** The picture of a video in a box of 16:9, with its length; a sign stands in for a missing one. */
export function videoPicture({ id, thumbnail_url: address, duration }) {
  const box = h("span", { class: "video-picture" }, icon("film"));
  if (address) {
    const image = h("img", { src: address, alt: "", loading: "lazy", width: 640, height: 360 });
    // its address holds for minutes: a card that is scrolled to later asks for another one
    const again = () => {
      image.addEventListener("error", () => image.remove(), { once: true });
      image.src = `${streamPath(id)}/thumbnail`;
    };
    image.addEventListener("error", again, { once: true });
    box.append(image);
  }
  if (duration) {
    box.append(
      h(
        "span",
        { class: "video-length" },
        h("span", { "aria-hidden": "true" }, clock(duration)),
        h("span", { class: "visually-hidden" }, words.length(spoken(duration))),
      ),
    );
  }
  const bar = resumeBar(id);
  if (bar) box.append(bar);
  return box;
}

/** Where in a video is said what was looked for: the line, as a link to that second. */
function momentLink(video) {
  const { seconds, line } = video.moment;
  const said = line.map((part) => (part.found ? h("mark", {}, part.text) : part.text));
  return h(
    "a",
    { class: "video-moment", href: watchAddress(video, seconds) },
    h("span", { class: "moment-time" }, icon("captions"), clock(seconds)),
    h("span", { class: "moment-line", dir: "auto" }, said),
  );
}

/** A video as a card of the gallery; its title is the link, all of the card can be pressed. */
export function videoCard(video) {
  return h(
    "li",
    { class: "video-card", dataset: { id: video.id } },
    videoPicture(video),
    h(
      "h2",
      { class: "video-name" },
      h("a", { href: watchAddress(video), dir: "auto" }, video.title),
    ),
    h(
      "p",
      { class: "video-facts soft small" },
      h("span", { dir: "auto" }, video.owner_name),
      timeElement(video.created_at),
      h("span", {}, common.views(video.views)),
    ),
    video.moment && momentLink(video),
    video.mine &&
      h(
        "p",
        { class: "row video-badges" },
        visibilityBadge(video.visibility),
        video.status !== "ready" && statusBadge(video.status),
      ),
  );
}

/** Cards that hold the place until there are videos. */
export function cardSkeletons(n) {
  return Array.from({ length: n }, () =>
    h(
      "li",
      { class: "video-card", "aria-hidden": "true" },
      h("span", { class: "video-picture skeleton" }),
      h("span", { class: "skeleton" }),
    ),
  );
}
