import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as parts } from "../../parts/texts.js";
import { watchAddress } from "../addresses.js";
import { secondOf } from "../amounts.js";
import { Player } from "../player/player.js";
import { keyFor, passwordPage } from "../watch/password.js";
import { Showing } from "../watch/showing.js";
import { callsOf } from "../watch/stream.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");

function only(sentence, again) {
  const retry = again && h("button", { type: "button", class: "button", on: { click: again } }, icon("refresh-cw"), words.again);
  append(clear(main), h("div", { class: "empty" }, icon("film"), h("p", {}, sentence), retry));
}

/** The way to the page of the video: pages that hold the player have no other. */
function titleLink(wanted, title) {
  return h(
    "a",
    { class: "embed-title", href: watchAddress(wanted), target: "_blank", rel: "noopener", "aria-label": words.open(title) },
    h("span", { dir: "auto" }, title),
    icon("external-link"),
  );
}

async function play(wanted, video, calls, at) {
  const note = h("p", { class: "embed-note", role: "status", hidden: true });
  const tell = (sentence) => {
    note.textContent = sentence;
    note.hidden = !sentence;
  };
  const player = new Player(video.title, {
    time() {},
    trouble: (mayPass) => showing.recover(mayPass),
  });
  const showing = new Showing(player, calls, {
    begin: at,
    onWaiting: () => tell(words.making),
    onPartial() {},
    onWhole: () => tell(""),
    onStream: () => tell(""),
    onTrouble: (sentence, retry) => (retry ? only(sentence, () => location.reload()) : tell(sentence)),
    onFailed: () => only(words.failed),
    onGone() {
      player.source.stop();
      only(words.gone);
    },
  });
  append(clear(main), h("h1", { class: "embed-head" }, titleLink(wanted, video.title)), player.element, note);
  await showing.start();
}

async function show(wanted, key, at) {
  const calls = callsOf({ id: wanted.id, key, embedded: true });
  try {
    const video = await calls.video();
    document.title = parts.title(video.title);
    if (video.status === "failed") return only(words.failed);
    return await play(wanted, video, calls, at);
  } catch (error) {
    if (error.body?.passwordRequired) return passwordPage(main, wanted, (opened) => show(wanted, opened, at));
    return error.passing ? only(error.message, () => location.reload()) : only(words.gone);
  }
}

const query = new URLSearchParams(location.search);
const wanted = { id: /^\/embed\/(\d+)\/?$/.exec(location.pathname)?.[1] ?? "", key: query.get("key") };
if (wanted.id) show(wanted, keyFor(wanted), secondOf(query.get("t")) ?? 0);
else only(words.gone);
