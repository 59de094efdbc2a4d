import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { countDown } from "../../parts/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.sending;

/** Send a report. The same key again gives the same issue: trying again never makes two. */
export async function sendReport(report, key) {
  const answer = await api.post("/report-issue", report, { headers: { "Idempotency-Key": key } });
  return answer.issueId;
}

/** A key nobody else uses; `crypto.randomUUID` is missing where pages come over plain http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Says that sending did not work for now, and offers to try again. */
export function failureNotice(onRetry) {
  const element = h("div", { class: "notice urgent sending-failed", role: "alert", hidden: true });
  let stop = () => {};
  const hide = () => {
    stop();
    clear(element);
    element.hidden = true;
  };
  function show(error) {
    hide();
    const wait = h("p", { class: "small", "aria-live": "off" });
    const again = h("button", { type: "button", class: "button" }, icon("rotate-ccw"), words.again);
    again.addEventListener("click", onRetry);
    const sign = icon(error.status === 0 ? "wifi-off" : "clock");
    append(element, sign, h("p", {}, h("b", {}, error.message), " ", words.kept), again, wait);
    if (error.retryAfter) {
      again.disabled = true;
      stop = countDown(wait, error.retryAfter, words.wait, () => (again.disabled = false));
    }
    element.hidden = false;
    element.scrollIntoView({ block: "nearest" });
  }
  return { element, show, hide };
}
