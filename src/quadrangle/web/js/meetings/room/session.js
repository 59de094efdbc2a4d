import { mailbox } from "./mailbox.js";
import { outbox } from "./outbox.js";
import { Peer } from "./peer.js";

const WHILE_CONNECTING = ["new", "connecting"];

/**
 * One stay in the video room, from coming in to going: who is there, the connection to them, and
 * what is typed.
 *
 * `sent()` returns what of ours the other side gets, `[{track, stream}]`, and `told()` what is said
 * of it. `on` has `state(state, reason)`, `streams(stream)` for each of the other side,
 * `other(there)` when somebody comes or is gone, `told(note)` and `chat(message)`.
 *
 * States: `entering`, `alone`, `connecting`, `connected`, `reconnecting`, `unreached`, and the ends
 * `elsewhere` and `failed`.
 */
export function roomSession({ calls, role, sent, told, on }) {
  let entered = null;
  let box = null;
  let out = null;
  let peer = null;
  let other = null;
  let wasConnected = false;
  let stopped = false;

  const isBusy = () => !!other && peer?.state !== "connected";

  function gone(error) {
    if (stopped) return;
    stop();
    on.state(error.status === 410 ? "elsewhere" : "failed", error.message);
  }

  function showState(state) {
    if (stopped) return;
    if (state === "connected") {
      wasConnected = true;
      on.state("connected");
      peer.tell({ state: told() });
    } else if (state !== "closed") {
      on.state(wasConnected && !WHILE_CONNECTING.includes(state) ? "reconnecting" : "connecting");
      box?.poke();
    }
  }

  function meet(participant) {
    leavePeer();
    other = participant;
    wasConnected = false;
    on.other(true);
    on.state("connecting");
    peer = new Peer({
      iceServers: entered.iceServers,
      polite: entered.polite,
      send: (kind, data) => out.put({ kind, data, to: participant.id }),
      onState: showState,
      onStream: on.streams,
      onTold: (note) => (note.poke ? box.poke() : on.told(note)),
    });
    for (const { track, stream } of sent()) peer.connection.addTrack(track, stream);
  }

  function leavePeer() {
    peer?.close();
    peer = null;
    other = null;
  }

  async function onNews({ messages, participants }) {
    const there = participants.findLast((one) => one.role !== role);
    if (there && there.id !== other?.id) meet(there);
    // A page that is hidden may ask too seldom to count as there, and is seen all the same.
    if (!there && other && peer.state !== "connected") {
      leavePeer();
      on.other(false);
      on.state("alone");
    }
    for (const message of messages) {
      if (message.kind === "chat") on.chat(message);
      else if (message.from === other?.id) await peer.receive(message.kind, message.data);
    }
  }

  function stop() {
    stopped = true;
    box?.stop();
    out?.stop();
    leavePeer();
  }

  async function start() {
    on.state("entering");
    try {
      entered = await calls.enter();
    } catch (error) {
      if (stopped) return;
      if (error.passing) {
        on.state("unreached");
        setTimeout(() => stopped || start(), 3_000);
      } else gone(error);
      return;
    }
    if (stopped) {
      calls.bye(entered.participantId);
      return;
    }
    on.state("alone");
    const shared = { calls, participantId: entered.participantId, onGone: gone };
    out = outbox({ ...shared, onSent: () => peer?.tell({ poke: true }) });
    box = mailbox({
      ...shared,
      isBusy,
      onNews,
      onReach: (reached) => {
        if (peer?.state === "connected") return; // the other one is still heard and seen
        on.state(reached ? (other ? "connecting" : "alone") : "unreached");
      },
    });
  }

  start();
  return {
    get connection() {
      return peer?.connection ?? null;
    },
    /** Say something of ours to the other page. */
    tell: () => peer?.tell({ state: told() }),
    chat: (text) => out?.put({ kind: "chat", data: text }).then((error) => {
      box?.poke();
      return error;
    }),
    stop() {
      if (entered && !stopped) calls.bye(entered.participantId);
      stop();
    },
  };
}
