import { announce, h } from "../../base/dom.js";
import { store, stored } from "../../base/storage.js";
import { icon } from "../../parts/icons.js";
import { clock } from "../amounts.js";
import { controlBar } from "./bar.js";
import { Captions } from "./captions.js";
import { fullScreen } from "./full-screen.js";
import { hideWhenIdle } from "./idle.js";
import { playerKeys } from "./keys.js";
import { captionsMenu, qualityMenu, speedMenu, SPEEDS } from "./menus.js";
import { seekBar } from "./seek-bar.js";
import { canChooseQuality, Source } from "./source.js";
import { texts as words } from "./texts.js";

const SPEED_KEY = "videos.speed";
const VOLUME_KEY = "videos.volume";

/**
 * A player of one film. `on.time(at, of, video)` is told as it plays, `on.trouble(mayPass)` when it cannot
 * go on. What it plays is what `load` was given last: the answer of `GET /api/stream/{id}`.
 */
export class Player {
  #on;
  #stream = null;
  #heights = [];
  #chosen = null;
  #playing = 0;
  #at = 0;

  constructor(title, on) {
    this.#on = on;
    this.video = h("video", { playsinline: true, preload: "metadata", tabindex: "-1" });
    this.captions = new Captions(this.video);
    this.source = new Source(this.video, {
      onTrouble: (mayPass) => this.#on.trouble(mayPass),
      onLevel: (height) => this.#showLevel(height),
    });
    this.element = h("section", { class: "player", "aria-label": words.player(title), tabindex: "-1" });
    this.#build();
    this.#follow();
  }

  #build() {
    const { video, element } = this;
    const rate = stored(SPEED_KEY, 1);
    video.defaultPlaybackRate = video.playbackRate = SPEEDS.includes(rate) ? rate : 1;
    video.volume = Math.min(1, Math.max(0, stored(VOLUME_KEY, 1)));
    this.seek = seekBar((at) => (video.currentTime = at));
    this.speeds = speedMenu(() => video.defaultPlaybackRate, (n) => this.setSpeed(n));
    this.languages = captionsMenu(this.captions, (one) => this.#showCaptions(one));
    this.qualities = qualityMenu(() => this.#qualityState(), (one) => this.choose(one));
    const toFull = fullScreen(element, video, (isFull) => this.bar.showFull(isFull));
    const actions = this.#actions(toFull);
    this.bar = controlBar(actions, {
      seek: this.seek,
      menus: [this.languages, this.qualities, this.speeds],
      hasFullScreen: Boolean(toFull),
    });
    const stage = h(
      "div",
      { class: "player-stage" },
      video,
      h("span", { class: "player-spinner" }),
      h("span", { class: "player-sign", "aria-hidden": "true" }, icon("play")),
    );
    stage.addEventListener("click", actions.toggle);
    stage.addEventListener("dblclick", actions.fullScreen);
    element.append(stage, this.bar.element);
    playerKeys(element, actions);
    hideWhenIdle(element, video);
    this.languages.hidden = true;
    this.qualities.hidden = true;
    this.bar.showVolume(video);
    this.#tick();
  }

  #actions(toFull) {
    const { video } = this;
    return {
      toggle: () => (video.paused || video.ended ? this.play() : video.pause()),
      seek: (by) => this.goTo(video.currentTime + by),
      part: (part) => this.goTo(part * this.length),
      mute: () => (video.muted = !video.muted),
      setVolume: (n) => this.#setVolume(n),
      volume: (by) => {
        this.#setVolume(video.volume + by);
        announce(words.told.volume(Math.round(video.volume * 100)));
      },
      speed: (by) => {
        const at = SPEEDS.indexOf(video.defaultPlaybackRate) + by;
        this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]);
      },
      captions: () => this.captions.offered.length && this.#showCaptions(undefined),
      fullScreen: () => toFull?.(),
      pictureInPicture: () =>
        document.pictureInPictureElement
          ? document.exitPictureInPicture()
          : video.requestPictureInPicture?.().catch(() => {}),
    };
  }

  #follow() {
    const { video, element } = this;
    const tick = () => this.#tick();
    for (const name of ["timeupdate", "seeking", "durationchange", "progress"]) {
      video.addEventListener(name, tick);
    }
    for (const name of ["play", "pause", "ended", "seeked"]) {
      video.addEventListener(name, () => {
        this.bar.showPlaying(video);
        this.#on.time(video.currentTime, this.length, video);
      });
    }
    video.addEventListener("volumechange", () => this.bar.showVolume(video));
    video.addEventListener("play", () => element.classList.add("begun"));
    const waits = (on) => () => element.classList.toggle("waiting", on);
    for (const name of ["waiting", "seeking"]) video.addEventListener(name, waits(true));
    for (const name of ["playing", "seeked", "canplay", "pause"]) {
      video.addEventListener(name, waits(false));
    }
  }

  get length() {
    const { duration } = this.video;
    const known = Number.isFinite(duration) && duration > 0 ? duration : 0;
    const whole = this.#stream?.duration ?? 0;
    return this.#stream?.partial ? Math.max(known, whole) : known || whole;
  }

  /** The second it is at, also while it loads. */
  get position() {
    return this.#at;
  }

  play() {
    return this.video.play().catch(() => {}); // browsers may want a click first
  }

  goTo(second) {
    this.#at = this.video.currentTime = Math.min(Math.max(0, second), this.length || second);
  }

  setSpeed(n) {
    this.video.defaultPlaybackRate = this.video.playbackRate = n;
    this.speeds.show(words.times(n));
    store(SPEED_KEY, n === 1 ? null : n);
    announce(words.told.speed(n));
  }

  /**
   * Play a stream from second `at` on, the first one from where somebody has gone to meanwhile.
   * `heights` are those that can be chosen.
   */
  async load(stream, heights, { at: given = 0, plays = false } = {}) {
    const at = (this.#stream === null && this.video.currentTime) || given;
    this.#stream = stream;
    if (stream.posterUrl) this.video.poster = stream.posterUrl;
    this.know(stream, heights);
    this.#at = at;
    const sound = this.#chosen === "sound";
    await this.source.load(sound ? stream.audioUrl : stream.url, { at, grows: stream.partial });
    if (plays) this.play();
  }

  /** Learn what else there is by now, without touching what plays. */
  know(stream, heights) {
    this.#stream = stream;
    this.#heights = heights;
    this.offerCaptions(stream.captions ?? []);
    this.qualities.hidden = !canChooseQuality() || (heights.length < 2 && !stream.audioUrl);
    this.seek.board.load(stream.storyboardUrl);
    this.#tick();
  }

  /** Offer captions `[{language, label, url, automatic}]` in place of those there were. */
  offerCaptions(captions) {
    this.captions.offer(captions);
    this.languages.hidden = captions.length === 0;
    this.#markCaptions();
  }

  /** Another grant for the same film. False when the film must be loaded anew to use it. */
  renewed(stream) {
    this.#stream = stream;
    return this.source.renewed(this.#chosen === "sound" ? stream.audioUrl : stream.url);
  }

  /** Choose a height, "sound" alone, or null for what the line bears. */
  async choose(one) {
    const [at, plays] = [this.#at, !this.video.paused];
    const fromSound = this.#chosen === "sound";
    this.#chosen = one;
    this.qualities.show(
      one === null ? words.auto : one === "sound" ? words.soundOnlyShort : words.lines(one),
    );
    if (one === "sound" || fromSound) {
      await this.source.load(one === "sound" ? this.#stream.audioUrl : this.#stream.url, { at });
    }
    if (one !== "sound" && (one !== null || this.source.own)) await this.source.choose(one, at);
    if (plays) this.play();
  }

  #qualityState() {
    const heights = this.#heights.length ? this.#heights : this.source.heights;
    return {
      heights: [...new Set(heights)].sort((a, b) => b - a),
      chosen: this.#chosen,
      playing: this.#playing,
      sound: Boolean(this.#stream?.audioUrl),
    };
  }

  #showLevel(height) {
    if (height) this.#playing = height;
    this.element.dataset.height = this.#playing;
  }

  #setVolume(n) {
    this.video.volume = Math.min(1, Math.max(0, n));
    this.video.muted = false;
    store(VOLUME_KEY, this.video.volume);
  }

  #showCaptions(language) {
    if (language === undefined) this.captions.next();
    else this.captions.show(language);
    this.#markCaptions();
    const shown = this.captions.offered.find((one) => one.language === this.captions.shown);
    announce(words.told.captions(shown?.label ?? words.captionsOff));
  }

  #markCaptions() {
    this.languages.classList.toggle("on", this.captions.shown !== null);
  }

  #tick() {
    const { video, length } = this;
    if (video.readyState > 0 && !video.seeking) this.#at = video.currentTime;
    const at = video.seeking ? video.currentTime : this.#at;
    const { buffered } = video;
    let ahead = at;
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) <= at + 0.5 && buffered.end(i) > ahead) ahead = buffered.end(i);
    }
    this.seek.show(at, length, ahead);
    this.bar.showTime(`${clock(at)} / ${clock(length)}`);
    this.#on.time(at, length, video);
  }
}
