import { address, credentials } from "./http.js";
import { isSignedIn, keepSession, renew } from "./session.js";

const POLL_MS = 10_000;
const TRY_AGAIN_MS = 60_000;
const FAILURES = 3;

/**
 * Call `onChange` for every change that the event stream at `path` tells of: `{seq, kind, issueId,
 * at}`. After a gap, and every 10 seconds while no stream can be had, it gets `{kind: "poll"}`:
 * anything may have changed. Returns a function that stops it.
 */
export function listen(path, onChange) {
  let source = null;
  let poll = 0;
  let again = 0;
  let failures = 0;
  let opened = false;
  let stopped = false;

  const missed = () => onChange({ kind: "poll" });

  function startPolling() {
    if (poll || stopped) return;
    poll = setInterval(() => {
      if (!document.hidden) missed();
    }, POLL_MS);
    again = setTimeout(connect, TRY_AGAIN_MS);
  }

  function stopPolling() {
    clearInterval(poll);
    clearTimeout(again);
    poll = 0;
  }

  function onOpen() {
    failures = 0;
    stopPolling();
    if (opened) missed();
    opened = true;
  }

  function onError() {
    failures += 1;
    const over = source?.readyState === EventSource.CLOSED;
    if (!over && failures < FAILURES) return; // the browser tries again by itself
    source?.close();
    source = null;
    opened = true; // whatever happens until the next connection is missed
    clearTimeout(again);
    if (over && failures < FAILURES && isSignedIn()) {
      renewed(); // the server may have refused a cookie that has run out
      return;
    }
    if (poll) again = setTimeout(connect, TRY_AGAIN_MS);
    else startPolling();
  }

  async function renewed() {
    await renew().catch(() => {});
    again = setTimeout(connect, 1_000);
  }

  function onBye() {
    source?.close();
    source = null;
    // Spread out, so that a server that comes back is not met by everyone at once.
    again = setTimeout(connect, 1_000 + Math.random() * 4_000);
  }

  async function connect() {
    if (stopped || source) return;
    await keepSession().catch(() => {}); // the stream itself tells
    const url = await address(path);
    const withCredentials = (await credentials()) === "include";
    if (stopped || source) return;
    source = new EventSource(url, { withCredentials });
    source.addEventListener("open", onOpen);
    source.addEventListener("error", onError);
    source.addEventListener("bye", onBye);
    source.addEventListener("change", (event) => onChange(JSON.parse(event.data)));
  }

  function onVisible() {
    if (!document.hidden && !source) missed();
  }

  document.addEventListener("visibilitychange", onVisible);
  connect();
  return () => {
    stopped = true;
    source?.close();
    clearTimeout(again);
    stopPolling();
    document.removeEventListener("visibilitychange", onVisible);
  };
}
