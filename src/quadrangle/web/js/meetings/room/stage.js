import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";
import { levelMeter } from "./level-meter.js";

const words = texts.room;

const video = (props) => h("video", { autoplay: true, playsinline: true, ...props });

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");

/**
 * The pictures: the other one large, or their screen, oneself small. `name` is the other's.
 * `onHear()` is called when the browser wants a click before it lets sound be heard.
 */
export function roomStage(name) {
  const theirs = video({ class: "room-theirs", "aria-label": words.picture(name) });
  const screen = video({ class: "room-screen", hidden: true, "aria-label": words.screenOf(name) });
  const mine = video({ class: "room-mine", "aria-label": words.own });
  mine.muted = true;
  screen.muted = true;
  const props = { class: "room-face", "aria-hidden": "true", dir: "auto" };
  const face = h("span", props, initials(name));
  const meter = levelMeter(words.level(name));
  const silent = h("span", { class: "room-silent", hidden: true }, icon("mic-off"));
  silent.append(h("span", { class: "visually-hidden" }, words.isMuted(name)));
  const label = h(
    "p",
    { class: "room-name", hidden: true },
    h("span", { dir: "auto" }, name),
    silent,
    meter.element,
  );
  const hear = h("button", { type: "button", class: "button room-hear", hidden: true });
  hear.append(icon("volume-2"), words.hear);
  const ownMeter = levelMeter(words.ownLevel);
  const ownFace = h("span", { class: "room-face small", "aria-hidden": "true" }, words.you);
  const self = h("div", { class: "room-self" }, ownFace, mine, ownMeter.element);
  const element = h("div", { class: "room-stage" }, face, theirs, screen, label, hear, self);
  let said = { camera: false, microphone: false, screen: null };
  let streams = [];

  hear.addEventListener("click", () => {
    hear.hidden = true;
    theirs.play();
    meter.follow(theirs.srcObject);
  });

  function put(player, stream) {
    if (player.srcObject === stream) return;
    player.srcObject = stream;
    player.play().catch((error) => {
      if (error.name === "NotAllowedError" && player === theirs) hear.hidden = false;
    });
  }

  function show() {
    const shared = streams.find((stream) => stream.id === said.screen) ?? null;
    const person = streams.find((stream) => stream !== shared && stream.active) ?? null;
    if (person !== theirs.srcObject) {
      put(theirs, person);
      meter.follow(person);
    }
    put(screen, shared);
    const seen = Boolean(person && said.camera && person.getVideoTracks().length);
    theirs.classList.toggle("unseen", !seen);
    screen.hidden = !shared;
    element.classList.toggle("shares-screen", Boolean(shared));
    silent.hidden = said.microphone || !person;
    meter.element.hidden = !silent.hidden || !person;
  }

  return {
    element,
    theirs,
    level: () => meter.level,
    ownLevel: () => ownMeter.level,
    add(stream) {
      if (!streams.includes(stream)) {
        streams.push(stream);
        for (const event of ["addtrack", "removetrack"]) {
          stream.addEventListener(event, () => {
            if (event === "addtrack") meter.follow(theirs.srcObject);
            show();
          });
        }
      }
      show();
    },
    told(state) {
      said = state;
      show();
    },
    setThere(there) {
      label.hidden = !there;
      if (there) return;
      streams = [];
      said = { camera: false, microphone: false, screen: null };
      show();
    },
    showOwn(media) {
      ownFace.hidden = media.cameraOn;
      mine.hidden = !media.cameraOn;
      put(mine, media.face);
      ownMeter.element.hidden = !media.microphoneOn;
      if (media.microphoneOn) ownMeter.follow(media.face);
      else ownMeter.stop();
    },
    stop() {
      meter.stop();
      ownMeter.stop();
      for (const player of [theirs, screen, mine]) player.srcObject = null;
    },
  };
}
