import { debounced } from "../../base/dom.js";
import { listen } from "../../base/live.js";
import { materialCalls } from "../materials/calls.js";
import { afterPage, cannotShow, noMeeting, recordPage } from "./after.js";
import { beforePage } from "./before.js";
import { callsOf, openedLink } from "./link.js";

const main = document.querySelector("main");
const POLL_MS = 5_000;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Call, and where too many do at once, again when the server says so. */
async function patiently(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error.status !== 429) throw error;
      await sleep(Math.min(error.retryAfter ?? POLL_MS / 1000, 60) * 1000);
    }
  }
}

function start() {
  const link = openedLink();
  if (!link) return noMeeting(main);
  const materials = materialCalls(link);
  if (!link.role) return recordPage(main, materials);
  const calls = callsOf(link);
  let page = null;
  let inside = false;

  function turn(next) {
    page?.stop?.();
    page = next;
  }

  /** Ask to join until one is in. Only this tells the server that somebody came. */
  async function launch(onWait) {
    for (;;) {
      const answer = await patiently(calls.join);
      if (answer.url) return enter(answer);
      onWait(answer);
      await sleep(Math.min(answer.eta_seconds, 3) * 1000);
    }
  }

  async function enter(answer) {
    const [{ duringPage }, lobby] = await Promise.all([import("./during.js"), calls.lobby()]);
    inside = true;
    turn(await duringPage(main, lobby, link, { ...calls, materials }, answer.websocket));
  }

  async function look() {
    try {
      const lobby = await calls.lobby();
      if (lobby.stage === "over") {
        clearInterval(timer);
        stopListening();
        turn(null);
        afterPage(main, lobby, materials);
      } else if (page) page.show(lobby);
      else if (lobby.stage === "joined") await launch(() => {}); // a reload goes back in
      else turn(beforePage(main, lobby, launch, materials));
    } catch (error) {
      if (inside || (page && error.passing)) return; // the desktop's own notice tells
      if ([400, 403, 410].includes(error.status)) noMeeting(main, error.message);
      else cannotShow(main, error, () => location.reload());
      clearInterval(timer);
      stopListening();
    }
  }

  const timer = setInterval(() => document.hidden || look(), POLL_MS);
  const stopListening = listen(calls.events, debounced(look, 150));
  return look();
}

start();
