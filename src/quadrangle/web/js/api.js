import { texts } from "./texts.js";

const PATIENCE_MS = 30_000;

/** What went wrong with a call. `status` is 0 when the server could not be reached. */
export class ApiError extends Error {
  constructor(status, message, errors = [], retryAfter = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /** True when the same call may work later: nothing is wrong with what was sent. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

// Where the API is, if not where the pages are. Written at deployment; asked for once per page.
const base = fetch("/config.json")
  .then((answer) => (answer.ok ? answer.json() : {}))
  .then((config) => String(config.apiBase ?? "").replace(/\/+$/, ""))
  .catch(() => "");

/** The full address of an API path, for pictures, downloads and event streams. */
export async function address(path, query) {
  const wanted = Object.entries(query ?? {}).filter(([, value]) => value || value === 0);
  const search = wanted.length ? `?${new URLSearchParams(wanted)}` : "";
  return (await base) + path + search;
}

export async function credentials() {
  return (await base) ? "include" : "same-origin";
}

/** Turn an answer's parts into its value, or throw the ApiError it is. */
function understand(status, text, retryAfter) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    if (status < 400) throw new ApiError(status, texts.api.strange);
  }
  if (status < 400) return body;
  const wait = Number.parseInt(retryAfter, 10);
  throw new ApiError(
    status,
    body?.message || texts.api.failed(status),
    Array.isArray(body?.errors) ? body.errors : [],
    Number.isFinite(wait) ? wait : null,
  );
}

function unreachable() {
  return new ApiError(0, navigator.onLine ? texts.api.unreachable : texts.api.offline);
}

async function call(method, path, { body, query, headers, signal } = {}) {
  const hurry = new AbortController();
  const timer = setTimeout(() => hurry.abort(), PATIENCE_MS);
  const stop = () => hurry.abort();
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    const answer = await fetch(await address(path, query), {
      method,
      headers: {
        "X-Requested-With": "quadrangle",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: await credentials(),
      signal: hurry.signal,
    });
    return understand(answer.status, await answer.text(), answer.headers.get("Retry-After"));
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw unreachable();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
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
