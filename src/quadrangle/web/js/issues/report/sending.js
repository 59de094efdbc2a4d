import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { countDown } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { texts } from "./texts.js";

const words = texts.sending;

const TRIED = "quadrangle.report.tried";

/**
 * Send a report. The same key again gives the same issue, so trying again never makes two. A key
 * is this tab's, whose reloads it outlives, and what is sent: when that changes there is a new one.
 */
export async function sendReport(report) {
  const key = keyOf(JSON.stringify(report));
  const headers = { "Idempotency-Key": key };
  const answer = await api.post("/report-issue", report, { headers });
  tried = null;
  sessionStore((kept) => kept.removeItem(TRIED));
  return { issueId: answer.issueId, key };
}

let tried = null;

function keyOf(sent) {
  tried ??= sessionStore((kept) => JSON.parse(kept.getItem(TRIED)));
  if (tried?.sent !== sent) tried = { sent, key: newKey() };
  sessionStore((kept) => kept.setItem(TRIED, JSON.stringify(tried)));
  return tried.key;
}

/** What `use` gives; null where the browser keeps nothing for a tab. */
function sessionStore(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

/** A key nobody else uses; `crypto.randomUUID` is missing where pages come over plain http. */
function newKey() {
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
