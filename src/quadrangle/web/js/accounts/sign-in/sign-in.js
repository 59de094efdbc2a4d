import { currentAccount, isStaff, rememberedAccount, signedIn } from "../../base/account.js";
import { showCodeStep } from "./code-step.js";
import { accountOptions, knownOptions, knowsOptions } from "./options.js";
import { showPage } from "./page.js";
import { passwordForm, pinForm } from "./sign-in-forms.js";
import { showOtherWays } from "./other-ways.js";
import { texts } from "./texts.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { nextAddress } from "../../base/next-address.js";
import { tabs } from "../../parts/tabs.js";

const words = texts.signIn;
const address = new URLSearchParams(location.search);
const problem = new URLSearchParams(location.hash.slice(1)).get("problem");
let ways = null;

function home(account) {
  return account.needsSecondFactor ? "/account#two-factor" : isStaff(account) ? "/desk" : "/";
}

function goOn(account) {
  if (account.needsSecondFactor) return home(account);
  return nextAddress(address.get("next"), home(account));
}

async function finish(answer) {
  ways?.withdraw();
  location.replace(goOn(await signedIn(answer)));
}

function askCode(step) {
  ways?.withdraw();
  showCodeStep({ ...step, done: finish, back: draw });
}

function notice(title, message) {
  return h(
    "div",
    { class: "notice urgent", role: "alert" },
    icon("triangle-alert"),
    h("p", {}, h("b", {}, title), h("br"), message),
  );
}

function forms(place) {
  const account = h("div", {}, passwordForm({ done: finish, askCode }));
  const others = h("div", { class: "stack" });
  const panel = h("div", { class: "stack" }, account, others);
  const pin = h("div", {}, pinForm({ done: finish }));
  const { bar } = tabs({
    label: words.ways,
    chosen: address.get("with"),
    items: [
      { name: "account", label: words.withAccount, panel },
      { name: "pin", label: words.withPin, panel: pin },
    ],
    onChange(name) {
      address.set("with", name);
      history.replaceState(null, "", `?${address}`);
    },
  });
  const failed = (message) => place.replaceChildren(notice(texts.passkey.failed, message));
  const show = (options) => {
    ways?.withdraw();
    ways = showOtherWays(others, options, { next: address.get("next"), done: finish, failed });
    bar.hidden = !options.pin;
  };
  return { content: [bar, panel, pin], show };
}

function draw() {
  const told = h("div", {});
  const links = h("div", { class: "narrow-links" });
  const { content, show } = forms(told);
  showPage(
    words.title,
    h("p", { class: "soft" }, h("a", { href: "/report" }, words.noAccount)),
    told,
    h("div", { class: "card stack loose" }, content),
    links,
  );
  if (problem) told.append(notice(words.problemTitle, words.problems[problem] ?? words.problem));

  function showAll(options) {
    show(options);
    const open = options.signUp === "open" || options.signUp === "domains";
    append(
      clear(links),
      h("a", { href: "/forgot" }, words.forgot),
      open && h("a", { href: "/sign-up" }, words.signUp),
    );
  }

  showAll(knownOptions());
  const known = JSON.stringify(knownOptions());
  accountOptions().then(
    (options) => {
      if (JSON.stringify(options) !== known) showAll(options);
    },
    () => {}, // the form stands; signing in tells what is wrong
  );
  // who was signed in at the last visit is told at once, so that nothing moves
  const already = h("div", {});
  const tell = (account) => append(clear(already), account && alreadyNotice(account));
  told.append(already);
  tell(rememberedAccount());
  currentAccount().then(tell);
}

function alreadyNotice(account) {
  return h(
    "div",
    { class: "notice" },
    icon("circle-user-round"),
    // a page that sent somebody here does not let them in: going on would come back
    h("p", { dir: "auto" }, words[address.has("next") ? "notFor" : "already"](account.name || account.email)),
    h("a", { class: "button", href: home(account) }, words.goOn, icon("arrow-right")),
  );
}

/** On a first visit the ways to sign in are asked for before the form stands, and nothing moves. */
async function start() {
  if (!knowsOptions()) await accountOptions().catch(() => {});
  draw();
}

if (problem) history.replaceState(null, "", location.pathname + location.search);
start();
