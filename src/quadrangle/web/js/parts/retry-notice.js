import { signInAddress } from "../base/account.js";
import { h } from "../base/dom.js";
import { icon } from "./icons.js";
import { texts } from "./texts.js";

// What could not be done and why, with the way on: again, or sign in when the session has ended.
export function retryNotice(text, error, again) {
  let way = h("a", { class: "button", href: signInAddress() }, icon("log-in"), texts.signIn);
  if (error.status !== 401) {
    way = h("button", { type: "button", class: "button" }, icon("refresh-cw"), texts.tryAgain);
    way.addEventListener("click", again);
  }
  const message = text ? `${text} ${error.message}` : error.message;
  return h("div", { class: "notice urgent", role: "alert" }, h("p", {}, message), way);
}
