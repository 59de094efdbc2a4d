import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.line;
const PATIENCE_MS = 600; // what is over sooner need not be said
const ENDS = {
  withdrawn: "eye-off",
  over: "check",
  elsewhere: "monitor-off",
  refused: "monitor-off",
};

/** Says over the picture what state the connection is in; nothing while it is open. */
export function stateNotice(onRetry) {
  const text = h("p", { role: "status" });
  const sign = h("span", { class: "desk-notice-sign" });
  const retry = h("button", { type: "button", class: "button" }, words.retry);
  const box = h("div", { class: "desk-notice", hidden: true }, sign, text, retry);
  let timer = 0;
  retry.addEventListener("click", onRetry);

  function put(state, reason) {
    text.textContent = state === "refused" ? words.refused(reason) : words[state];
    sign.replaceChildren(icon(ENDS[state] ?? (state === "offline" ? "wifi-off" : "unplug")));
    box.dataset.state = state in ENDS ? "end" : state;
    retry.hidden = state in ENDS || state === "connecting";
    box.hidden = false;
  }

  return {
    element: box,
    show(state, reason) {
      clearTimeout(timer);
      if (state === "open") {
        box.hidden = true;
        text.textContent = "";
      } else if (box.hidden && !(state in ENDS)) {
        timer = setTimeout(() => put(state, reason), PATIENCE_MS);
      } else put(state, reason);
    },
  };
}
