import { texts } from "./texts.js";

const SHOWN = ".error-summary, .field > .error:not([hidden])";
let watcher = null;
let plain = "";

const toldOutsideDialogs = () =>
  [...document.querySelectorAll(SHOWN)].some((one) => !one.closest("dialog"));

/** Name the page; while it shows errors, its title goes on to say so. */
export function nameDocument(title) {
  plain = title;
  document.title = watcher ? texts.forms.errorTitle(title) : title;
}

/** Let the document's title say that there are errors, as long as some are shown. */
export function titleTellsError() {
  if (watcher) return;
  plain = document.title;
  document.title = texts.forms.errorTitle(plain);
  watcher = new MutationObserver(() => {
    if (toldOutsideDialogs()) return;
    watcher.disconnect();
    watcher = null;
    // a page that has become another one meanwhile has named itself
    if (document.title === texts.forms.errorTitle(plain)) document.title = plain;
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}
