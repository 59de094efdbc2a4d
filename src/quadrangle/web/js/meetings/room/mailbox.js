const BUSY_MS = 1_000;
const CALM_MS = 10_000;
const FAILED_MS = 3_000;

/**
 * Asks for news of the room: each second while `isBusy()`, else every ten, and at once when poked.
 *
 * `onNews({messages, participants})` may be async and is awaited; `onGone(error)` is called when
 * this page is out of the room; `onReach(reached)` when the server is no longer, or again, reached.
 */
export function mailbox({ calls, participantId, isBusy, onNews, onGone, onReach }) {
  let after = 0;
  let timer = 0;
  let asking = false;
  let again = false;
  let stopped = false;
  let reached = true;

  function reach(now) {
    if (now !== reached) onReach((reached = now));
  }

  async function ask() {
    clearTimeout(timer);
    if (stopped) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    let wait = null;
    try {
      const news = await calls.news(participantId, after);
      if (stopped) return;
      reach(true);
      after = news.messages.at(-1)?.seq ?? after;
      await onNews(news);
    } catch (error) {
      if (stopped) return;
      if (!error.passing) {
        stopped = true;
        onGone(error);
        return;
      }
      reach(false);
      wait = FAILED_MS;
    } finally {
      asking = false;
    }
    if (again) wait = 0;
    again = false;
    timer = setTimeout(ask, wait ?? (isBusy() ? BUSY_MS : CALM_MS));
  }

  const onOnline = () => ask();
  window.addEventListener("online", onOnline);
  ask();
  return {
    poke: ask,
    stop() {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", onOnline);
    },
  };
}
