import { api, ApiError } from "../../base/api.js";
import { config } from "../../base/config.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3000;
const PATIENCE_MS = 120_000;

/**
 * Send a picture to an issue, the way the server takes them. `onProgress` gets the part that has
 * been sent, 0 to 1. Returns the Photo; null when it has arrived but nobody has looked at it yet
 * (it appears by itself then) or it was deleted meanwhile.
 */
export async function sendPhoto(issueId, blob, { onProgress } = {}) {
  const issue = `/api/issues/${encodeURIComponent(issueId)}`;
  const { photoLimit } = await config();
  if (photoLimit.upload !== "presigned") return api.upload(`${issue}/photos`, blob, { onProgress });
  const announced = { contentType: blob.type, bytes: blob.size };
  const begun = await api.post(`${issue}/photo-uploads`, announced);
  await api.deliver(begun, blob, { onProgress });
  return outcome(`${issue}/photo-uploads/${begun.uploadId}`);
}

async function outcome(path) {
  const until = Date.now() + PATIENCE_MS;
  let pause = FIRST_PAUSE_MS;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    const { state, message, photo } = await asked(path);
    if (state === "done") return photo;
    if (state === "refused") throw new ApiError(400, message);
  }
  return null;
}

async function asked(path) {
  try {
    return await api.get(path);
  } catch (error) {
    if (error.passing) return { state: "waiting" }; // the picture is there; only the answer is not
    throw error;
  }
}
