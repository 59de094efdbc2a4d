import { retryNotice } from "./retry-notice.js";

// The page could not start at all: say why, and how to go on.
export function pageFailed(main, error) {
  const notice = retryNotice("", error, () => location.reload());
  notice.classList.add("page-failed");
  main.replaceChildren(notice);
}
