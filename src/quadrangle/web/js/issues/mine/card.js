import { currentAccount, rememberedAccount } from "../../base/account.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { forgetReport } from "../my-reports.js";
import { texts } from "../texts.js";
import { accountReports } from "./of-account.js";
import { addingReports } from "./adding.js";
import { deviceReports } from "./on-device.js";

const words = texts.home;
const FRESH_MS = 15_000;
const isOpen = ({ issue }) => issue?.status !== "RESOLVED";

function emptyState(text) {
  return h(
    "div",
    { class: "empty" },
    icon("megaphone"),
    h("p", {}, text),
    h("a", { class: "button quiet", href: "/report" }, words.first),
  );
}

/** What this browser keeps, for who is not signed in. */
function ofDevice(place) {
  const device = deviceReports((reports) => {
    append(clear(place), reports.length ? device.element : emptyState(words.empty));
  });
  device.show();
  return { first: () => device.refresh(), again: () => device.refresh(isOpen) };
}

/** What belongs to the account, and below it what only this browser keeps. */
function ofAccount(place, me) {
  const empty = h("div", { hidden: true }, emptyState(words.emptyMine));
  const here = h("div", { class: "only-here", hidden: true });
  const account = accountReports((ids) => {
    ids.forEach(forgetReport); // the account has them from now on
    empty.hidden = ids.size > 0;
    device.leaveOut(ids);
  });
  const adding = addingReports(me, account.load);
  const device = deviceReports((reports) => {
    here.hidden = reports.length === 0;
    adding.offer(reports);
  });
  append(
    here,
    h("h3", {}, words.onlyHere),
    h("p", { class: "soft small" }, words.onlyHereText),
    device.element,
    h("div", {}, adding.button),
  );
  append(clear(place), account.element, empty, adding.told, here);
  const look = async (wanted) => {
    if (!(await account.load())) device.show(); // what is here shows without the account
    await device.refresh(wanted);
  };
  return { first: () => look(), again: () => look(isOpen) };
}

/** My reports: those of the account on every device, and those that this device keeps. */
export function myReportsCard() {
  const heading = h("h2", { id: "my-reports", tabindex: "-1" });
  const place = h("div", {});
  let shown;
  let parts = null;

  function show(account) {
    const whose = account?.accountId ?? null;
    if (parts && shown === whose) return;
    shown = whose;
    heading.textContent = whose ? words.mine : words.mineHere;
    parts = whose ? ofAccount(place, account) : ofDevice(place);
  }

  const refresh = (look) => {
    if (!document.hidden) parts[look]();
  };
  show(rememberedAccount());
  currentAccount()
    .catch(() => rememberedAccount())
    .then((account) => {
      show(account);
      refresh("first");
    });
  setInterval(() => refresh("again"), FRESH_MS);
  document.addEventListener("visibilitychange", () => refresh("first"));
  // who comes by a link to it lands there, though it was not on the page when that was read
  if (location.hash === "#my-reports")
    requestAnimationFrame(() => {
      heading.scrollIntoView();
      heading.focus();
    });
  return h(
    "section",
    { class: "card mine", "aria-labelledby": "my-reports" },
    heading,
    place,
  );
}
