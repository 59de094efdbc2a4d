const AGAIN_MS = 2_000;

/**
 * Sends messages one after the other, and again when the server could not be reached. `onSent` is
 * called after each, `onGone(error)` when this page is out of the room. A message for a page that
 * has gone is dropped.
 */
export function outbox({ calls, participantId, onSent, onGone }) {
  const waiting = [];
  let sending = false;
  let stopped = false;

  async function work() {
    if (sending) return;
    sending = true;
    while (waiting.length && !stopped) {
      try {
        await calls.send(participantId, waiting[0].message);
        waiting.shift().done(null);
        onSent();
      } catch (error) {
        if (stopped) break;
        if (error.passing) {
          const wait = (error.retryAfter ?? 0) * 1000 || AGAIN_MS;
          await new Promise((resolve) => setTimeout(resolve, wait));
          continue;
        }
        waiting.shift().done(error);
        if (error.status !== 409 && error.status !== 400) onGone(error);
      }
    }
    sending = false;
  }

  return {
    /** Resolves to null, or to the error for which it will never be sent. */
    put(message) {
      return new Promise((done) => {
        waiting.push({ message, done });
        work();
      });
    },
    stop() {
      stopped = true;
    },
  };
}
