import { api } from "../../base/api.js";
import { streamPath, videoPath } from "../addresses.js";
import { wordCalls } from "../words/calls.js";

const AHEAD_MS = 5 * 60_000;
const LEAST_MS = 10_000;

/** The calls about one video, by whoever has the key of its link too. */
export function callsOf({ id, key }) {
  const query = key ? { key } : undefined;
  return {
    words: wordCalls({ id, key }),
    video: () => api.get(videoPath(id), { query }),
    /** What `GET /api/stream/{id}` says; without `url` it is not there yet. */
    stream: () => api.get(streamPath(id), { query }),
    /** Heights that can be chosen, the best first; none when they cannot be asked for. */
    async heights() {
      const { qualities } = await api
        .get(`${streamPath(id)}/qualities`, { query })
        .catch(() => ({ qualities: [] }));
      return qualities.map((one) => one.height);
    },
  };
}

/** Call `renew` some minutes before a grant ends, also after a sleep. Returns what stops it. */
export function beforeItEnds(expiresAt, renew) {
  const due = Math.max(Date.now() + LEAST_MS, new Date(expiresAt).getTime() - AHEAD_MS);
  const timer = setInterval(() => {
    if (Date.now() < due) return;
    clearInterval(timer);
    renew();
  }, LEAST_MS / 2);
  return () => clearInterval(timer);
}
