const LIBRARY = "../../../vendor/hls/hls.min.mjs";
const WORKER = new URL("../../../vendor/hls/hls.worker.js", import.meta.url).href;
const HLS_TYPE = "application/vnd.apple.mpegurl";

const folderOf = (url) => new URL(".", new URL(url, location.href)).href;

/** Whether qualities can be chosen here: that takes a player of our own. */
export const canChooseQuality = () =>
  "MediaSource" in globalThis || "ManagedMediaSource" in globalThis;

/**
 * Feeds a <video> from a playlist: by the browser itself where it can, else, and for choosing a
 * quality, by hls.js. `onTrouble(mayPass)` is called when it cannot go on: false when the browser
 * cannot play the film at all. `onLevel(height)` tells which quality plays, where that is known.
 */
export class Source {
  #video;
  #on;
  #hls = null;
  #loadedFrom = "";
  #url = "";
  #recovered = false;
  #faults = 0;
  #height = null;
  #turn = 0;

  constructor(video, on) {
    this.#video = video;
    this.#on = on;
    video.addEventListener("error", () => {
      if (this.#hls || !this.#url) return;
      this.#faults += 1;
      this.#on.onTrouble(true);
    });
    video.addEventListener("resize", () => this.#on.onLevel(video.videoHeight));
  }

  get own() {
    return this.#hls !== null;
  }

  /**
   * Load a playlist and be at second `at`. `own`: by hls.js, whatever the browser says it can, which
   * also follows after the browser has failed twice. `grows`: later parts are still to come, which
   * Chromium 156 cannot parse.
   */
  async load(url, { at = 0, own = this.own, grows = false } = {}) {
    this.#url = url;
    const wanted = (own || grows || this.#faults > 1) && canChooseQuality();
    const native = !wanted && this.#video.canPlayType(HLS_TYPE) !== "";
    if (native) this.#loadNatively(url, at);
    else await this.#loadByLibrary(url, at);
  }

  /**
   * Another grant for the same files, before the one at hand ends. Tells whether playing goes on
   * untouched: with the same addresses, which cookies open, it always does.
   */
  renewed(url) {
    const same = this.#url === url;
    this.#url = url;
    return same || this.#hls !== null;
  }

  /** The heights that can be chosen: only known once hls.js plays. */
  get heights() {
    return this.#hls ? this.#hls.levels.map((level) => level.height) : [];
  }

  /** Play one height only; null lets the line decide. */
  async choose(height, at) {
    this.#height = height;
    if (this.#hls) this.#apply();
    else await this.load(this.#url, { at, own: true });
  }

  #apply() {
    const hls = this.#hls;
    const level = hls.levels.findIndex((one) => one.height === this.#height);
    if (hls.levels.length && hls.manualLevel !== level) hls.currentLevel = level;
  }

  stop() {
    this.#turn += 1;
    this.#hls?.destroy();
    this.#hls = null;
    this.#url = "";
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  #loadNatively(url, at) {
    this.#turn += 1;
    this.#hls?.destroy();
    this.#hls = null;
    const video = this.#video;
    const plays = !video.paused; // pressed before there was a film: a new source pauses
    video.src = url;
    if (at > 0) video.addEventListener("loadedmetadata", () => (video.currentTime = at), { once: true });
    video.load();
    if (plays) video.play().catch(() => {});
  }

  async #loadByLibrary(url, at) {
    const turn = (this.#turn += 1);
    const { default: Hls } = await import(LIBRARY);
    if (turn !== this.#turn) return undefined; // something else is wanted by now
    if (!Hls.isSupported()) return this.#on.onTrouble(false);
    const plays = !this.#video.paused; // pressed while the library was on its way
    this.#hls?.destroy();
    this.#video.removeAttribute("src");
    this.#loadedFrom = folderOf(url);
    const hls = new Hls({
      workerPath: WORKER,
      startPosition: at, // a film that grows would begin at its latest part
      capLevelToPlayerSize: true,
      renderTextTracksNatively: false,
      // playlists name files beside the first grant; they are asked for by the latest
      xhrSetup: (request, wanted) => request.open("GET", this.#granted(wanted), true),
    });
    hls.on(Hls.Events.ERROR, (_, fault) => this.#failed(Hls, fault));
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.#apply());
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => this.#on.onLevel(hls.levels[level]?.height));
    this.#hls = hls;
    hls.loadSource(url);
    hls.attachMedia(this.#video);
    if (plays) this.#video.play().catch(() => {});
    return undefined;
  }

  #granted(url) {
    const rest = url.startsWith(this.#loadedFrom) ? url.slice(this.#loadedFrom.length) : null;
    return rest === null ? url : folderOf(this.#url) + rest;
  }

  #failed(Hls, fault) {
    if (fault.response?.code === 403) return this.#on.onTrouble(true);
    if (!fault.fatal) return undefined;
    if (fault.type === Hls.ErrorTypes.MEDIA_ERROR && !this.#recovered) {
      this.#recovered = true;
      return this.#hls.recoverMediaError();
    }
    return this.#on.onTrouble(fault.type === Hls.ErrorTypes.NETWORK_ERROR);
  }
}
