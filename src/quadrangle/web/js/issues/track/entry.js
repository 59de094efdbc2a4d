import { currentAccount } from "../../base/account.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { forgetReport, myReports } from "../my-reports.js";
import { texts as common } from "../../parts/texts.js";
import { texts as words } from "./texts.js";
import { findForm } from "./find-form.js";
import { loadReport, reportPage } from "./page.js";

const main = document.querySelector("main");
const issueId = (new URLSearchParams(location.search).get("id") ?? "").trim().toLowerCase();

function askForId(title, text, sign) {
  document.title = common.title(title);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        sign && icon(sign),
        h("h1", {}, title),
        text && h("p", { class: "soft" }, text),
      ),
      h("div", { class: "card" }, findForm({ primary: true })),
      h("p", {}, h("a", { href: "/#my-reports" }, words.find.mine)),
    ),
  );
}

function notFound() {
  const mine = myReports().find((one) => one.issueId === issueId);
  if (mine && !mine.issue) forgetReport(issueId);
  askForId(words.notFound.title, words.notFound.text, "circle-question-mark");
}

function failed(error) {
  const again = h("button", { type: "button", class: "button" }, icon("rotate-ccw"), words.again);
  again.addEventListener("click", start);
  append(
    clear(main),
    h(
      "div",
      { class: "empty", role: "alert" },
      icon("wifi-off"),
      h("h1", {}, words.cannotShow),
      h("p", {}, error.message),
      again,
    ),
  );
}

function skeleton() {
  const bar = (className) => h("div", { class: `skeleton ${className}` });
  append(
    clear(main),
    h(
      "div",
      { class: "page track", "aria-busy": "true" },
      h("h1", { class: "visually-hidden" }, words.loading),
      h("div", { class: "track-head" }, bar("title-bar")),
      h("div", { class: "track-status" }, bar("status-bar")),
      h("div", { class: "track-main" }, bar("block-bar")),
    ),
  );
}

async function start() {
  if (!issueId) return askForId(words.find.title);
  skeleton();
  let first, account;
  try {
    [first, account] = await Promise.all([loadReport(issueId), currentAccount()]);
  } catch (error) {
    // An id of the wrong shape is no better than one nobody has.
    if (error.status === 404 || error.status === 400) notFound();
    else failed(error);
    return undefined;
  }
  return reportPage(main, first, account);
}

start();
