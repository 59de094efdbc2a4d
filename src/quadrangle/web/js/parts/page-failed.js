import { retryNotice } from "./retry-notice.js";

// The page could not start at all: say why, and how to go on.
export function pageFailed(main, error) {
  main.replaceChildren(retryNotice("", error, () => location.reload()));
}
