import { api } from "../../base/api.js";
import { streamPath, videoPath } from "../addresses.js";
import { wordCalls } from "../words/calls.js";

const AHEAD_MS = 5 * 60_000;
const LEAST_MS = 10_000;

/** The calls about one video, by whoever has the key of its link too, and from a page elsewhere. */
export function callsOf({ id, key, embedded }) {
  const query = { ...(key ? { key } : {}), ...(embedded ? { embedded } : {}) };
  let counted = false;
  return {
    words: wordCalls({ id, key }),
    video: () => api.get(videoPath(id), { query: key ? { key } : undefined }),
    /** What `GET /api/stream/{id}` says; without `url` it is not there yet. Counts nothing. */
    stream: () => api.get(streamPath(id), { query: { ...query, again: true } }),
    /** Have a view counted once a page: when the film plays, not when its page opens. */
    async played() {
      if (counted) return;
      counted = true;
      await api.get(streamPath(id), { query }).catch(() => {
        counted = false; // the next time it plays
      });
    },
    /** Heights that can be chosen, the best first; none when they cannot be asked for. */
    async heights() {
      const { qualities } = await api
        .get(`${streamPath(id)}/qualities`, { query })
        .catch(() => ({ qualities: [] }));
      return qualities.map((one) => one.height);
    },
  };
}

/** Keep what a player has open for as long as it is on the page, where nothing else follows it. */
export function keepOpen(calls, stream, player) {
  beforeItEnds(stream.expiresIn, () => false, async () => {
    if (!player.element.isConnected) return;
    const found = await calls.stream().catch(() => null);
    if (found?.url) player.renewed(found);
    keepOpen(calls, found?.url ? found : stream, player);
  });
}

/**
 * Call `renew` before a grant ends that holds for so many seconds: some minutes before, of a short
 * one when half of it is over. Also after a sleep; while `idle()`, not before that is over. Returns
 * what stops it.
 */
export function beforeItEnds(seconds, idle, renew) {
  const holds = seconds * 1000;
  const due = Date.now() + Math.max(LEAST_MS, holds - Math.min(AHEAD_MS, holds / 2));
  const timer = setInterval(() => {
    if (Date.now() < due || idle()) return;
    clearInterval(timer);
    renew();
  }, LEAST_MS / 2);
  return () => clearInterval(timer);
}
