const PROTOCOL = "quadrangle";
const PING_MS = 5_000;
const FIRST_PING_MS = 400;
const PATIENCE_MS = 15_000;

/**
 * A WebSocket to a desktop or a terminal, as noVNC wants its channels, that also keeps watch: it
 * measures the delay, gets notes from the server, and notices when nothing comes any more.
 *
 * `onLag(ms)`, `onNote(note)` and `onEnd({code, reason})` are told; the last one once. Code 0 means
 * that nothing was heard for a while.
 */
export class LineSocket {
  constructor(url, { onLag, onNote, onEnd }) {
    this.onopen = null;
    this.onmessage = null;
    this.onclose = null;
    this.onerror = null;
    this._told = { onLag, onNote, onEnd };
    this._heardAt = performance.now();
    this._askedAt = 0;
    this._ended = false;
    this._socket = new WebSocket(url, [PROTOCOL]);
    this._socket.binaryType = "arraybuffer";
    this._socket.addEventListener("open", (event) => this._open(event));
    this._socket.addEventListener("message", (event) => this._message(event));
    this._socket.addEventListener("error", (event) => this.onerror?.(event));
    this._socket.addEventListener("close", (event) => this._end(event));
  }

  get binaryType() {
    return this._socket.binaryType;
  }

  set binaryType(type) {
    this._socket.binaryType = type;
  }

  get protocol() {
    return this._socket.protocol;
  }

  get readyState() {
    return this._ended ? WebSocket.CLOSED : this._socket.readyState;
  }

  send(data) {
    if (this._socket.readyState === WebSocket.OPEN) this._socket.send(data);
  }

  close() {
    this._socket.close();
  }

  _open(event) {
    this._timer = setTimeout(() => this._ping(), FIRST_PING_MS);
    this.onopen?.(event);
  }

  _ping() {
    // Counted from the question: the browser lets hidden pages ask only once a minute.
    const now = performance.now();
    if (this._askedAt > this._heardAt && now - this._askedAt > PATIENCE_MS) {
      this._socket.close();
      this._end({ code: 0, reason: "" });
      return;
    }
    if (this._heardAt >= this._askedAt) this._askedAt = now;
    this.send(JSON.stringify({ ping: now }));
    this._timer = setTimeout(() => this._ping(), PING_MS);
  }

  _message(event) {
    if (this._ended) return;
    this._heardAt = performance.now();
    if (typeof event.data !== "string") {
      this.onmessage?.(event);
      return;
    }
    const note = JSON.parse(event.data);
    if (note.pong === undefined) this._told.onNote?.(note);
    else this._told.onLag?.(Math.max(1, Math.round(this._heardAt - note.pong)));
  }

  _end({ code, reason }) {
    if (this._ended) return;
    this._ended = true;
    clearTimeout(this._timer);
    this.onclose?.({ code, reason });
    this._told.onEnd?.({ code, reason });
  }
}
