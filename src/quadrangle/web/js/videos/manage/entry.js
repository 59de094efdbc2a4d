import { currentAccount, signInAddress } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as parts } from "../../parts/texts.js";
import { videoPath, watchAddress } from "../addresses.js";
import { statusBadge, visibilityBadge } from "../badges.js";
import { editDialog } from "../mine/edit-dialog.js";
import { takenDownNotice } from "../taken-down.js";
import { filmPart } from "./film.js";
import { linksPart } from "./links.js";
import { offeringPart } from "./offering.js";
import { playsPart } from "./plays.js";
import { texts as words } from "./texts.js";
import { timesPart } from "./times.js";
import { ownZone } from "./zone.js";

const main = document.querySelector("main");
const id = new URLSearchParams(location.search).get("id") ?? "";

function head(video, onEdit) {
  const edit = h("button", { type: "button", class: "button" }, icon("pencil"), words.edit);
  edit.addEventListener("click", onEdit);
  return h(
    "header",
    { class: "stack tight" },
    backLink("/my-videos", words.mine),
    h("h1", { dir: "auto" }, video.title),
    h("p", { class: "row" }, statusBadge(video.status), visibilityBadge(video.visibility)),
    h(
      "div",
      { class: "row" },
      h("a", { class: "button primary", href: watchAddress(video) }, icon("play"), words.watch),
      edit,
    ),
  );
}

async function draw(video) {
  document.title = parts.title(words.title(video.title));
  const edit = async () => {
    const edited = await editDialog(video);
    if (edited) await draw(edited);
  };
  const { time_zone: campus, embed_origins: origins } = await api.get("/api/gallery/options");
  const zone = campus || ownZone;
  const keep = (saved) => (video = saved);
  const content = [
    takenDownNotice(video, draw),
    timesPart(video, zone, keep),
    !video.of_meeting && !video.taken_down && (await linksPart(video, zone)),
    filmPart(video, draw),
    offeringPart(video, video.of_meeting ? [] : origins, keep),
    await playsPart(video),
  ];
  append(clear(main), h("div", { class: "column stack" }, head(video, edit), ...content));
}

function only(text, link) {
  append(clear(main), h("div", { class: "empty" }, icon("film"), h("h1", {}, text), link));
}

async function start() {
  append(clear(main), skeletonPage());
  if (!(await currentAccount())) {
    const link = h("a", { class: "button primary", href: signInAddress() }, parts.signIn);
    return only(words.signInFirst, link);
  }
  const back = h("a", { class: "button", href: "/my-videos" }, words.mine);
  try {
    if (!/^\d+$/.test(id)) return only(words.gone, back);
    const video = await api.get(videoPath(id));
    return video.mine ? await draw(video) : only(words.gone, back);
  } catch (error) {
    return error.status === 404 ? only(words.gone, back) : pageFailed(main, error);
  }
}

start();
