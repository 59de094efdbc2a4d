const SETTLE_MS = 3_000; // a connection that is away for less comes back by itself
const GATHER_MS = 80;

/**
 * The connection to the other browser, by "perfect negotiation": either side may call at any time,
 * and the polite one gives way when both do.
 *
 * `send(kind, data)` puts a message into the other's mailbox. `onState(state)` hears the states of
 * RTCPeerConnection; `onStream(stream)` each stream of the other side; `onTold(note)` what the
 * other page says by `tell`, and `{poke: true}` when it has put something into our mailbox.
 */
export class Peer {
  constructor({ iceServers, polite, send, onState, onStream, onTold }) {
    this._polite = polite;
    this._send = send;
    this._onState = onState;
    this._making = false;
    this._ignoring = false;
    this._answering = false;
    this._found = [];
    this._unsent = [];
    this._closed = false;
    const pc = (this.connection = new RTCPeerConnection({ iceServers }));
    this._notes = pc.createDataChannel("notes", { negotiated: true, id: 0 });
    this._notes.onmessage = ({ data }) => onTold(JSON.parse(data));
    this._notes.onopen = () => {
      for (const note of this._unsent.splice(0)) this._notes.send(note);
    };
    pc.onnegotiationneeded = () => this._offer();
    pc.onicecandidate = ({ candidate }) => candidate && this._gather(candidate);
    pc.ontrack = ({ streams }) => streams[0] && onStream(streams[0]);
    pc.onconnectionstatechange = () => this._watch();
  }

  get state() {
    return this.connection.connectionState;
  }

  /** Send a note now, or as soon as that is possible; only the last one of a kind waits. */
  tell(note) {
    const text = JSON.stringify(note);
    if (this._notes.readyState === "open") this._notes.send(text);
    else if (!note.poke) this._unsent = [text];
  }

  async receive(kind, data) {
    if (this._closed) return;
    if (kind === "candidate") await this._candidates(JSON.parse(data));
    else await this._description({ type: kind, sdp: data });
  }

  close() {
    this._closed = true;
    clearTimeout(this._settling);
    clearTimeout(this._gathering);
    this.connection.close();
  }

  async _offer() {
    try {
      this._making = true;
      await this.connection.setLocalDescription();
      this._describe();
    } catch (error) {
      if (!this._closed) console.warn("no offer", error);
    } finally {
      this._making = false;
    }
  }

  _describe() {
    const { type, sdp } = this.connection.localDescription;
    this._send(type, sdp);
  }

  async _description(description) {
    const pc = this.connection;
    const ready =
      !this._making && (pc.signalingState === "stable" || this._answering);
    const collides = description.type === "offer" && !ready;
    this._ignoring = !this._polite && collides;
    if (this._ignoring) return;
    this._answering = description.type === "answer";
    try {
      await pc.setRemoteDescription(description);
    } catch (error) {
      if (this._closed || description.type === "answer") return; // of an offer that was taken back
      throw error;
    } finally {
      this._answering = false;
    }
    if (description.type === "offer") {
      await pc.setLocalDescription();
      this._describe();
    }
  }

  async _candidates(candidates) {
    for (const candidate of candidates) {
      try {
        await this.connection.addIceCandidate(candidate);
      } catch (error) {
        if (!this._ignoring && !this._closed) console.warn("no such way", error);
      }
    }
  }

  /** Those found in one moment go in one message. */
  _gather(candidate) {
    this._found.push(candidate.toJSON());
    clearTimeout(this._gathering);
    this._gathering = setTimeout(() => {
      this._send("candidate", JSON.stringify(this._found.splice(0)));
    }, GATHER_MS);
  }

  _watch() {
    const state = this.state;
    clearTimeout(this._settling);
    if (state === "failed") this.connection.restartIce();
    else if (state === "disconnected") {
      this._settling = setTimeout(() => this.connection.restartIce(), SETTLE_MS);
    }
    this._onState(state);
  }
}
