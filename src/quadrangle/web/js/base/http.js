import { texts } from "./texts.js";

const PATIENCE_MS = 30_000;

/**
 * What went wrong with a call. `status` is 0 when the server could not be reached; `retryAfter` is
 * in seconds; `codeRequired` tells that the password is right and a code is wanted with it,
 * `recoveryOnly` that it must be a recovery code, as there is no app. `body` is all that was
 * answered, for what only one service tells.
 */
export class ApiError extends Error {
  constructor(status, message, errors = [], retryAfter = null, body = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
    this.codeRequired = body?.codeRequired === true;
    this.recoveryOnly = body?.recoveryOnly === true;
    this.body = body ?? {};
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

/** What `fetch` is told of cookies: they go along to an API elsewhere only when asked for. */
export async function credentials() {
  return (await base) ? "include" : "same-origin";
}

/** Turn an answer's parts into its value, or throw the ApiError it is. */
export function understand(status, text, retryAfter) {
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
    body,
  );
}

export function unreachable() {
  return new ApiError(0, navigator.onLine ? texts.api.unreachable : texts.api.offline);
}

const typeOf = (body) => (body instanceof Blob ? "application/octet-stream" : "application/json");

/**
 * Send one request as the cookies have it and return the value of its answer; files go as they are.
 * With `keepalive` it is sent although the page goes. Throws ApiError.
 */
export async function send(method, path, { body, query, headers, signal, keepalive = false } = {}) {
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
        ...(body === undefined ? {} : { "Content-Type": typeOf(body) }),
        ...headers,
      },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      credentials: await credentials(),
      keepalive,
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
