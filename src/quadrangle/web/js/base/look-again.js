// Keeps a page true whose service tells of no changes: it looks by itself now and then.

const EVERY_MS = 30_000;
const AT_MOST_EVERY_MS = 2_000;

/** Whether somebody is in the middle of something that must not move or be drawn anew. */
const inUse = () => !getSelection().isCollapsed || Boolean(document.querySelector("dialog[open]"));

/**
 * Call `read()` every half minute while the page is seen, and when it is seen again; then `show()`
 * with what it returned, quietly: not while something is selected or a question is open. What
 * cannot be read is read the next time. Returns a function that does so at once.
 */
export function lookAgain(read, show) {
  let timer = 0;
  let last = 0;
  let looking = false;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(look, EVERY_MS);
  }

  async function look() {
    if (looking) return;
    clearTimeout(timer);
    last = Date.now();
    looking = true;
    try {
      if (!document.hidden && !inUse()) {
        const found = await read();
        if (!inUse()) show(found);
      }
    } catch (error) {
      console.warn(error);
    } finally {
      looking = false;
      wait();
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - last > AT_MOST_EVERY_MS) look();
  });
  wait();
  return look;
}
