// The frames of src/quadrangle/portable/terminal/protocol.py: one byte of kind, four of length.

export const INPUT = 1;
export const RESIZE = 2;
export const SIZE = 17;
export const SCREEN = 18;
export const OUTPUT = 19;

const HEAD = 5;
const LONGEST = 1 << 20;

/** One frame; `payload` is a Uint8Array. */
export function frame(kind, payload) {
  const bytes = new Uint8Array(HEAD + payload.length);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, payload.length);
  bytes.set(payload, HEAD);
  return bytes;
}

export function sizeFrame(columns, rows) {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setUint16(0, columns);
  view.setUint16(2, rows);
  return frame(RESIZE, payload);
}

export function sizeOf(payload) {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { columns: view.getUint16(0), rows: view.getUint16(2) };
}

/** Returns a function that takes ArrayBuffers as they come and calls `onFrame(kind, payload)`. */
export function frameReader(onFrame) {
  let waiting = new Uint8Array(0);
  return (buffer) => {
    const came = new Uint8Array(buffer);
    const bytes = new Uint8Array(waiting.length + came.length);
    bytes.set(waiting);
    bytes.set(came, waiting.length);
    let place = 0;
    while (bytes.length - place >= HEAD) {
      const length = new DataView(bytes.buffer, place + 1, 4).getUint32(0);
      if (length > LONGEST) throw new Error("a frame is too long");
      if (bytes.length - place < HEAD + length) break;
      onFrame(bytes[place], bytes.subarray(place + HEAD, place + HEAD + length));
      place += HEAD + length;
    }
    waiting = bytes.slice(place);
  };
}
