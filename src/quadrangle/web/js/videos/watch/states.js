import { signInAddress } from "../../base/account.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts as parts } from "../../parts/texts.js";
import { progressWords } from "../badges.js";
import { texts as words } from "./texts.js";

function only(main, title, ...content) {
  document.title = parts.title(title);
  append(clear(main), h("div", { class: "empty" }, ...content));
}

/** There is no such video, for whoever asks. */
export function gonePage(main, account) {
  only(
    main,
    words.gone.title,
    icon("film"),
    h("h1", {}, words.gone.title),
    h("p", {}, words.gone.text, !account && ` ${words.gone.signIn}`),
    h(
      "div",
      { class: "row" },
      !account && h("a", { class: "button primary", href: signInAddress() }, parts.signIn),
      h("a", { class: "button", href: "/watch" }, words.gone.all),
    ),
  );
}

/** The link that was followed does not hold any more. */
export function overPage(main, message) {
  only(
    main,
    words.gone.over,
    icon("link"),
    h("h1", {}, words.gone.over),
    h("p", {}, message),
    h("a", { class: "button", href: "/watch" }, words.gone.all),
  );
}

/** It failed: why, for whom it is. */
export function failedPage(main, video) {
  only(
    main,
    words.failed.title,
    icon("triangle-alert"),
    h("h1", {}, words.failed.title),
    h("p", { class: "page-name", dir: "auto" }, video.title),
    h("p", {}, video.failure || words.failed.others),
    video.mine && h("a", { class: "button primary", href: "/my-videos" }, words.failed.mine),
  );
}

/** What stands above a film that is not whole yet: `show(sentence, percent)`, empty hides it. */
export function makingNotice() {
  const text = h("p", { role: "status" });
  const bar = h("progress", { class: "bar", max: 100, "aria-label": words.making.title });
  const element = h("div", { class: "notice progress making", hidden: true }, icon("hourglass"), text, bar);
  function show(sentence, percent) {
    element.hidden = !sentence;
    if (text.textContent !== sentence) text.textContent = sentence;
    bar.value = percent ?? 0;
  }
  return {
    element,
    hide: () => show(""),
    waiting: (progress) => show(words.making.notice(progressWords(progress)), progress?.percent),
    partial: (progress) => show(words.making.partial(progressWords(progress)), progress?.percent),
  };
}
