import { address, credentials, send, understand, unreachable } from "./http.js";
import { isSignedIn, keepSession, renew, tokensHeld } from "./session.js";
import { goToSignIn } from "./sign-in-address.js";
import { texts } from "./texts.js";

export { address, ApiError, credentials } from "./http.js";

/**
 * Do `work` as whoever is signed in: renewed ahead where it is time, and once more after a 401. Who
 * was signed in and no longer is signs in again and comes back; what only reads goes on as anyone.
 */
async function asMe(work, { reads, stays = false }) {
  const kept = await keepSession().catch((error) => {
    if (!reads) throw error;
    return true;
  });
  if (!kept && !reads) throw goToSignIn(texts.api.ended);
  const seen = tokensHeld();
  try {
    return await work();
  } catch (error) {
    if (error.status !== 401 || !isSignedIn()) throw error;
    if (await renew(seen)) return work();
    if (stays) throw error;
    throw goToSignIn(error.message);
  }
}

/**
 * `anyone`: the call is made as it is, whoever is signed in. `stays`: the caller itself says what
 * follows when the sign-in has ended.
 */
function call(method, path, { anyone = false, stays, ...options } = {}) {
  const work = () => send(method, path, options);
  return anyone ? work() : asMe(work, { reads: method === "GET", stays });
}

/** Send a body and tell how far it is; the promise is of the finished request. */
function transfer(method, url, body, { headers, withCredentials = false, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = withCredentials;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () => reject(unreachable()));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** Send a picture as it is. `onProgress` gets the part that has been sent, 0 to 1. */
async function upload(path, blob, { onProgress, signal } = {}) {
  async function work() {
    const request = await transfer("POST", await address(path), blob, {
      headers: {
        "X-Requested-With": "quadrangle",
        "Content-Type": blob.type || "application/octet-stream",
      },
      withCredentials: (await credentials()) === "include",
      onProgress,
      signal,
    });
    return understand(
      request.status,
      request.responseText,
      request.getResponseHeader("Retry-After"),
    );
  }
  return asMe(work, { reads: false });
}

/**
 * Send a picture where an answer `{url, method, fields, headers}` of the API says. That may be
 * another server, which gets nothing of ours.
 */
async function deliver({ url, method, fields, headers }, blob, { onProgress, signal } = {}) {
  let body = blob;
  if (fields) {
    body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append("file", blob);
  }
  const request = await transfer(method, url, body, { headers, onProgress, signal });
  if (request.status >= 400) understand(request.status, request.responseText, null);
}

export const api = {
  get: (path, options) => call("GET", path, options),
  post: (path, body, options) => call("POST", path, { ...options, body }),
  put: (path, body, options) => call("PUT", path, { ...options, body }),
  patch: (path, body, options) => call("PATCH", path, { ...options, body }),
  delete: (path, options) => call("DELETE", path, options),
  upload,
  deliver,
};
