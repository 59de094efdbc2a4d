import { menuButton } from "../../parts/overlays/menu-button.js";
import { captionLabel } from "../words/labels.js";
import { texts as words } from "./texts.js";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** A menu of speeds. `now()` is the one at hand. */
export function speedMenu(now, onPick) {
  return menuButton({
    label: words.speed,
    shown: words.times(now()),
    className: "player-button",
    items: () =>
      SPEEDS.map((n) => ({
        label: n === 1 ? words.normal(n) : words.times(n),
        value: n,
        current: n === now(),
      })),
    onPick,
  });
}

/** A menu of captions: `captions` is a Captions. */
export function captionsMenu(captions, onPick) {
  return menuButton({
    label: words.captions,
    iconName: "captions",
    shown: "",
    className: "player-button",
    items: () => [
      { label: words.captionsOff, value: null, current: captions.shown === null },
      ...captions.offered.map((one) => ({
        label: captionLabel(one),
        value: one.language,
        current: one.language === captions.shown,
      })),
    ],
    onPick,
  });
}

/** A menu of qualities: `state()` gives `{heights, chosen, playing, sound}`; "sound" is a choice. */
export function qualityMenu(state, onPick) {
  return menuButton({
    label: words.quality,
    shown: words.auto,
    className: "player-button",
    items() {
      const { heights, chosen, playing, sound } = state();
      const automatic =
        chosen === null && playing ? words.automaticNow(words.lines(playing)) : words.automatic;
      return [
        { label: automatic, value: null, current: chosen === null },
        ...heights.map((n) => ({ label: words.lines(n), value: n, current: n === chosen })),
        ...(sound ? [{ label: words.soundOnly, value: "sound", current: chosen === "sound" }] : []),
      ];
    },
    onPick,
  });
}
