import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { iconButton } from "../../parts/icon-button.js";
import { texts as words } from "./texts.js";

function button(iconName, label, onPress) {
  const made = iconButton(iconName, label, "player-button icon-only");
  made.addEventListener("click", onPress);
  return made;
}

/** Give a button another icon and name. */
export function rename(made, iconName, label) {
  if (made.title === label) return;
  made.replaceChildren(icon(iconName));
  made.setAttribute("aria-label", label);
  made.title = label;
}

function volumeLine(onVolume) {
  const line = h("input", {
    type: "range",
    class: "volume-line",
    min: 0,
    max: 1,
    step: 0.05,
    "aria-label": words.volume,
  });
  line.addEventListener("input", () => onVolume(Number(line.value)));
  return line;
}

/** The row of controls below the seek bar. `actions` are what the keys do, too. */
export function controlBar(actions, { seek, menus, hasFullScreen }) {
  const play = button("play", words.play, actions.toggle);
  const mute = button("volume-2", words.mute, actions.mute);
  const volume = volumeLine(actions.setVolume);
  const time = h("span", { class: "player-time" });
  const picture = button("picture-in-picture-2", words.pictureInPicture, actions.pictureInPicture);
  picture.classList.add("in-picture");
  const full = button("maximize", words.fullScreen, actions.fullScreen);
  picture.hidden = !document.pictureInPictureEnabled;
  full.hidden = !hasFullScreen;
  const row = h(
    "div",
    { class: "player-row" },
    play,
    h("span", { class: "player-sound" }, mute, volume),
    time,
    h("span", { class: "player-gap" }),
    menus,
    picture,
    full,
  );
  const element = h(
    "div",
    { class: "player-bar", role: "group", "aria-label": words.bar },
    seek.element,
    row,
  );

  return {
    element,
    play,
    showPlaying({ paused, ended }) {
      const label = ended ? words.again : paused ? words.play : words.pause;
      rename(play, ended ? "rotate-ccw" : paused ? "play" : "pause", label);
    },
    showVolume({ muted, volume: n }) {
      const silent = muted || n === 0;
      rename(mute, silent ? "volume-x" : "volume-2", silent ? words.unmute : words.mute);
      volume.value = muted ? 0 : n;
      volume.style.setProperty("--at", `${(muted ? 0 : n) * 100}%`);
      volume.setAttribute("aria-valuetext", words.percent(Math.round((muted ? 0 : n) * 100)));
    },
    showTime(text) {
      if (time.textContent !== text) time.textContent = text;
    },
    showFull(isFull) {
      rename(full, isFull ? "minimize" : "maximize", isFull ? words.leaveFullScreen : words.fullScreen);
    },
  };
}
