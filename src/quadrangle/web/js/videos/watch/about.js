import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { copyButton } from "../../parts/copy.js";
import { icon } from "../../parts/icons.js";
import { manageAddress, watchLink } from "../addresses.js";
import { visibilityBadge } from "../badges.js";
import { texts as common } from "../texts.js";
import { objection } from "./take-down.js";
import { texts as words } from "./texts.js";

const LINK = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

/** A description with its addresses as links. */
function linked(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(at, found.index), h("a", { href: found[0], rel: "noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}

/**
 * Owner and description of a video, and what one can do with it. `at()` is the second that a
 * link may lead to; `show(stream)` offers what the stream allows.
 */
export function about(video, at) {
  const key = video.key ?? new URLSearchParams(location.search).get("key");
  const sound = h(
    "a",
    { class: "button quiet", download: `${video.title}.m4a`, hidden: true },
    icon("headphones"),
    words.sound,
  );
  const film = h(
    "a",
    { class: "button quiet", download: `${video.title}.mp4`, hidden: true },
    icon("download"),
    words.film,
  );
  const offer = (link, address) => {
    link.hidden = !address;
    if (address) link.href = address;
  };
  const element = h(
    "div",
    { class: "stack about" },
    h(
      "p",
      { class: "row soft video-facts" },
      h("span", { dir: "auto" }, words.by(video.owner_name)),
      h("span", {}, timeElement(video.created_at)),
      h("span", {}, common.views(video.views)),
      video.mine && visibilityBadge(video.visibility),
    ),
    h(
      "div",
      { class: "row video-actions" },
      copyButton(common.copyLink, () => watchLink({ id: video.id, key }, at()), common.linkCopied),
      film,
      sound,
      video.mine &&
        h("a", { class: "button quiet", href: manageAddress(video) }, icon("settings"), words.manage),
      objection(video, key),
    ),
    video.description && h("p", { class: "video-description", dir: "auto" }, linked(video.description)),
  );
  return {
    element,
    show({ audioFileUrl, filmFileUrl }) {
      offer(sound, audioFileUrl);
      offer(film, filmFileUrl);
    },
  };
}
