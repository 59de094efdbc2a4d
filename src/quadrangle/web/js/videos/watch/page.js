import { announce, append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { texts as parts } from "../../parts/texts.js";
import { clock, secondOf } from "../amounts.js";
import { Player } from "../player/player.js";
import { knowWatchedOf, watchNotes, watched } from "../resume.js";
import { takenDownNotice } from "../taken-down.js";
import { courseBeside } from "../courses/beside.js";
import { captionsPanel } from "../words/captions-panel.js";
import { chaptersPanel } from "../words/chapters-panel.js";
import { texts as said } from "../words/texts.js";
import { about } from "./about.js";
import { sides } from "./sides.js";
import { failedPage, makingNotice } from "./states.js";
import { Showing } from "./showing.js";
import { texts as words } from "./texts.js";

const NOTED_S = 4;

/** Where to begin: what the address says, else where they stopped. */
function beginning(video, given) {
  const asked = secondOf(given);
  if (asked !== null) return { at: asked, resumed: false };
  const before = watched(video.id);
  const at = before && !before.over ? before.at : 0;
  return { at, resumed: at > 0 };
}

function resumedNotice(at, player) {
  const back = h("button", { type: "button", class: "button" }, words.fromStart);
  const element = h(
    "div",
    { class: "notice" },
    icon("history"),
    h("p", {}, words.resumed(clock(at))),
    back,
  );
  back.addEventListener("click", () => {
    element.remove();
    player.goTo(0);
    player.play();
  });
  player.video.addEventListener("play", () => setTimeout(() => element.remove(), 8_000), { once: true });
  return element;
}

function troubleNotice() {
  const text = h("p", {});
  const again = h("button", { type: "button", class: "button" }, icon("refresh-cw"), words.trouble.again);
  const element = h("div", { class: "notice urgent", role: "alert", hidden: true }, icon("triangle-alert"), text, again);
  return {
    element,
    hide: () => (element.hidden = true),
    show(sentence, retry) {
      text.textContent = sentence;
      again.hidden = !retry;
      again.onclick = retry;
      element.hidden = false;
    },
  };
}

/** The page of one video. `gone()` is what stands there when it is withdrawn meanwhile. */
export async function watchPage(main, video, calls, { at: given, key, gone }) {
  if (secondOf(given) === null) await knowWatchedOf(video.id, key);
  const note = watchNotes(video.id, key);
  const start = beginning(video, given);
  const making = makingNotice();
  const trouble = troubleNotice();
  let transcript = null;
  let chapters = null;
  let noted = -1;
  const player = new Player(video.title, {
    time(at, of, { played, paused }) {
      transcript?.follow(at);
      chapters?.follow(at);
      if (played.length === 0 || (Math.abs(at - noted) < NOTED_S && !paused)) return;
      noted = at;
      note(at, of, { paused });
      course.note(at, of);
    },
    trouble: (mayPass) => showing.recover(mayPass),
  });
  const facts = about(video, () => player.position);
  const course = courseBeside(video, player.video);
  const page = h(
    "div",
    { class: "watch page" },
    h(
      "div",
      { class: "watch-main" },
      backLink("/watch", words.gone.all),
      takenDownNotice(video, () => location.reload()),
      player.element,
      trouble.element,
      making.element,
      course.element,
      h("h1", { class: "watch-title", dir: "auto" }, video.title),
    ),
    facts.element,
  );
  const beside = sides(page, facts.element);
  transcript = captionsPanel(video, calls.words, player, {
    onCaptions: (captions) => player.offerCaptions(captions),
  });
  chapters = chaptersPanel(video, calls.words, player, {
    onMarks: (list, slides) => player.seek.mark(list, slides),
  });

  function offer(captions) {
    transcript.offer(captions);
    if (captions.length || video.mine) {
      beside.add({ name: "transcript", label: words.transcript.title, panel: transcript.element });
    }
  }

  async function offerChapters() {
    const any = await chapters.load().catch(() => false); // the film plays without
    if (any) beside.add({ name: "chapters", label: said.chapters.title, panel: chapters.element });
  }

  const showing = new Showing(player, calls, {
    begin: start.at,
    onWaiting: making.waiting,
    onPartial: making.partial,
    onWhole(was) {
      making.hide();
      if (was) announce(words.making.ready);
    },
    onStream(stream) {
      trouble.hide();
      facts.show(stream);
      offer(stream.captions ?? []);
    },
    onTrouble: (sentence, retry) => trouble.show(sentence, retry),
    onFailed: async () => failedPage(main, await calls.video()),
    onGone() {
      player.source.stop();
      gone();
    },
  });

  document.title = parts.title(video.title);
  append(clear(main), page);
  if (start.resumed) player.element.after(resumedNotice(start.at, player));
  addEventListener("pagehide", () => {
    if (player.video.played.length) note(player.position, player.length, { leaving: true });
  });
  await Promise.all([showing.start(), offerChapters()]);
}
