import { beforeItEnds } from "./stream.js";
import { texts as words } from "./texts.js";

const POLL_MS = 4_000;
const QUIET_MS = 30_000;
const MOST_TRIES = 3;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Keeps a player supplied: waits until there is something to play, follows a film that grows, renews
 * the grant before it ends, and loads the film anew at the same second when a grant was withdrawn.
 */
export class Showing {
  #heights = [];
  #url = "";
  #tries = [];
  #recovering = false;
  #stopTimer = () => {};

  constructor(player, calls, { begin, ...on }) {
    Object.assign(this, { player, calls, begin, on });
    player.video.addEventListener("playing", () => calls.played());
  }

  async start() {
    let stream = await this.#asked();
    while (stream && !stream.url) {
      this.on.onWaiting(stream.progress);
      await sleep(POLL_MS);
      stream = await this.#asked();
    }
    if (!stream) return;
    await this.#load(stream, this.begin, false);
    if (stream.partial) await this.#grow(stream);
  }

  /** The player cannot go on: a grant may have ended, or the line was lost. */
  async recover(mayPass) {
    if (this.#recovering) return;
    if (!mayPass) {
      this.on.onTrouble(words.trouble.cannot, null);
      return;
    }
    const now = Date.now();
    this.#tries = this.#tries.filter((at) => now - at < QUIET_MS);
    if (this.#tries.length >= MOST_TRIES) {
      this.on.onTrouble(words.trouble.lost, () => {
        this.#tries = [];
        this.recover(true);
      });
      return;
    }
    this.#tries.push(now);
    this.#recovering = true;
    const { video } = this.player;
    const plays = !video.paused;
    const at = this.player.position;
    try {
      await sleep(this.#tries.length > 1 ? POLL_MS / 2 : 0);
      const stream = await this.#asked();
      if (stream?.url) await this.#load(stream, at, plays);
    } finally {
      this.#recovering = false;
    }
  }

  /** What the server has; null when nothing will come of it any more. */
  async #asked() {
    for (;;) {
      try {
        return await this.calls.stream();
      } catch (error) {
        if (error.body?.passwordRequired) location.reload(); // it is asked for again by the page
        if ([401, 403, 404, 410].includes(error.status)) {
          this.on.onGone();
          return null;
        }
        if (error.status === 409) {
          this.on.onFailed();
          return null;
        }
        this.on.onTrouble(error.message, null);
        await sleep(POLL_MS);
      }
    }
  }

  async #load(stream, at, plays) {
    this.#heights = await this.calls.heights();
    this.#url = stream.url;
    this.on.onStream(stream);
    if (stream.partial) this.on.onPartial(stream.progress);
    await this.player.load(stream, this.#heights, { at, plays });
    this.#watch(stream);
  }

  async #grow() {
    for (;;) {
      await sleep(POLL_MS);
      const stream = await this.#asked();
      if (!stream) return;
      if (stream.partial) {
        this.on.onPartial(stream.progress);
        continue;
      }
      const { video } = this.player;
      this.on.onWhole(true);
      // the whole film has more qualities: it takes over at the same second
      await this.#load(stream, this.player.position, !video.paused);
      return;
    }
  }

  #watch({ expiresIn }) {
    this.#stopTimer();
    const idle = () => document.hidden && this.player.video.paused;
    this.#stopTimer = beforeItEnds(expiresIn, idle, () => this.#renew());
  }

  async #renew() {
    const stream = await this.#asked();
    if (!stream?.url) return;
    this.on.onStream(stream);
    if (this.player.renewed(stream)) this.#watch(stream);
    else await this.#load(stream, this.player.position, !this.player.video.paused);
  }
}
