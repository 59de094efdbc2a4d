import { LineSocket } from "./line-socket.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const LASTS_MS = 10_000; // a connection that held for so long was a good one
const SLOW_AFTER = 3;

// Codes of src/quadrangle/http/line.py after which there is nothing to come back to.
const FINAL = { 4403: "withdrawn", 4409: "elsewhere", 4410: "over", 1008: "refused" };

/**
 * Keeps a connection to a desktop or a terminal: opens it with a ticket of its own each time, and
 * again when it was lost.
 *
 * `getAddress()` resolves to the address with a fresh ticket; an error of it with status 403, 404
 * or 410 is final. `onOpen(socket)` gets each LineSocket; `onState(state, reason)` hears
 * `connecting`, `open`, `again`, `slow`, `offline`, and the ends `withdrawn`, `over`, `elsewhere`,
 * `refused`. `onLag` and `onNote` are as for LineSocket.
 */
export function keepLine({ getAddress, onOpen, onState, onLag, onNote }) {
  let socket = null;
  let failures = 0;
  let timer = 0;
  let stopped = false;
  let attempt = 0;
  let openedAt = 0;

  function ended(state, reason) {
    stopped = true;
    onState(state, reason);
  }

  function lost({ code, reason }) {
    socket = null;
    if (stopped) return;
    if (FINAL[code]) {
      ended(FINAL[code], reason);
      return;
    }
    if (openedAt && performance.now() - openedAt > LASTS_MS) failures = 0;
    later();
  }

  function later() {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    openedAt = 0;
    onState(!navigator.onLine ? "offline" : failures > SLOW_AFTER ? "slow" : "again");
    clearTimeout(timer);
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
  }

  async function connect() {
    clearTimeout(timer);
    if (stopped || socket) return;
    const mine = (attempt += 1);
    let address;
    try {
      address = await getAddress();
    } catch (error) {
      if (stopped || mine !== attempt) return;
      if ([403, 404].includes(error.status)) ended("refused", error.message);
      else if (error.status === 410) ended("over", error.message);
      else later();
      return;
    }
    if (stopped || mine !== attempt || socket) return;
    const told = { onLag, onNote, onEnd: lost };
    try {
      socket = new LineSocket(new URL(address, location.href.replace(/^http/, "ws")).href, told);
    } catch {
      later();
      return;
    }
    onOpen(socket);
  }

  function now() {
    failures = 0;
    if (!socket) connect();
  }

  window.addEventListener("online", now);
  onState("connecting");
  connect();
  return {
    /** Say that what came on the connection is of use. */
    works() {
      openedAt = performance.now();
      onState("open");
    },
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", now);
      socket?.close();
      socket = null;
    },
  };
}
