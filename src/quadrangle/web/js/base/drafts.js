import { debounced } from "./dom.js";
import { store, stored } from "./storage.js";

const KEPT_MS = 14 * 24 * 3600 * 1000;

/**
 * What someone has typed and not sent yet, on this device.
 * `load()` gives the kept value or null; `save(value)` keeps it soon, and at the latest when the
 * page goes away; `clear()` forgets it.
 */
export function draft(name) {
  const key = `draft.${name}`;
  const soon = debounced((value) => store(key, { at: Date.now(), value }), 250);
  addEventListener("pagehide", soon.flush);
  document.addEventListener("visibilitychange", soon.flush);
  return {
    load() {
      const kept = stored(key);
      return kept && Date.now() - kept.at < KEPT_MS ? kept.value : null;
    },
    save: soon,
    clear() {
      soon.flush();
      store(key, null);
    },
  };
}
