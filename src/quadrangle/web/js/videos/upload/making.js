import { api } from "../../base/api.js";
import { uploadPath, videoPath } from "../addresses.js";
import { progressWords } from "../badges.js";
import { texts as words } from "./texts.js";

const PAUSE_MS = 2_500;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function stepOf(video) {
  if (video.status === "ready") {
    return { text: words.state.ready, tone: "done", video, watch: words.watch };
  }
  if (video.status === "failed") {
    return { text: words.state.failed(video.failure), tone: "urgent", video };
  }
  return {
    text: progressWords(video.progress),
    part: (video.progress?.percent ?? 0) / 100,
    tone: "progress",
    video,
    watch: video.progress?.playable && words.watchAlready,
  };
}

/**
 * Follow a whole upload until its video is ready or has failed. `onVideo(videoId)` is called once,
 * `onStep({text, part, tone, video, watch})` whenever it stands otherwise. Returns what stops it.
 */
export function followMaking(uploadId, { onVideo, onStep }) {
  let stopped = false;
  let videoId = null;
  let shown = "";

  async function look() {
    if (videoId === null) {
      ({ videoId } = await api.get(uploadPath(uploadId)));
      if (videoId === null) return false;
      onVideo(videoId);
    }
    const step = stepOf(await api.get(videoPath(videoId)));
    if (stopped) return true;
    const now = JSON.stringify([step.text, step.part, step.watch]);
    if (now !== shown) onStep(step);
    shown = now;
    return ["ready", "failed"].includes(step.video.status);
  }

  async function follow() {
    while (!stopped) {
      const over = await look().catch((error) => {
        if (error.status === 404) onStep({ text: words.state.gone });
        return error.status === 404;
      });
      if (over) return;
      await sleep(PAUSE_MS);
    }
  }

  follow();
  return () => (stopped = true);
}
