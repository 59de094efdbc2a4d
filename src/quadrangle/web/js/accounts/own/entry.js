import { rememberAccount, requireSignedIn } from "../../base/account.js";
import { aboutYou } from "./about-you.js";
import { closing } from "./closing.js";
import { ownPassword } from "./own-password.js";
import { passkeyList } from "./passkeys.js";
import { sessionList } from "./session-list.js";
import { texts } from "./texts.js";
import { twoFactor } from "./two-factor.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { remindersPart } from "../../meetings/materials/reminders.js";
import { pageFailed } from "../../parts/page-failed.js";
import { toast } from "../../parts/overlays/toast.js";

const main = document.querySelector("#main");

function page(...content) {
  main.replaceChildren(h("div", { class: "column account" }, h("h1", {}, texts.title), ...content));
}

function draw(me, { passkeys }, { sessions }, reminders) {
  page(
    aboutYou(me, reload),
    ownPassword(me, reload),
    twoFactor(me, reload),
    passkeyList(me, passkeys, reload),
    sessionList(sessions, reload),
    reminders,
    closing(me),
  );
}

async function load(known = null) {
  const [me, passkeys, sessions, reminders] = await Promise.all([
    known ?? api.get("/api/accounts/me"),
    api.get("/api/accounts/me/passkeys"),
    api.get("/api/accounts/me/sessions"),
    // where there are no meetings, there is nothing to be reminded of
    remindersPart().catch(() => ""),
  ]);
  rememberAccount(me);
  draw(me, passkeys, sessions, reminders);
}

/** Show everything anew; the focus goes to the heading of the part it was in. */
async function reload() {
  const part = document.activeElement?.closest?.("section")?.id;
  try {
    await load();
  } catch (error) {
    toast(error.message);
    return;
  }
  if (part) document.getElementById(part)?.querySelector("h2").focus({ preventScroll: true });
}

/** Scroll to the part the address names, once it is there. */
function showNamed() {
  const part = document.getElementById(location.hash.slice(1));
  if (!part) return;
  part.scrollIntoView();
  part.querySelector("h2").focus({ preventScroll: true });
}

async function start() {
  const account = await requireSignedIn();
  if (!account.accountId) {
    page(h("div", { class: "notice" }, icon("info"), h("p", {}, texts.pinSession)));
    return;
  }
  await load(account);
  showNamed();
}

start().catch((error) => pageFailed(main, error));
