import { currentAccount, isStaff, rememberedAccount, signInAddress, signOut } from "../base/account.js";
import { config, knownConfig } from "../base/config.js";
import { announce, append, h } from "../base/dom.js";
import { icon } from "./icons.js";
import { store, stored } from "../base/storage.js";
import { texts } from "./texts.js";

export { currentAccount, requireStaff } from "../base/account.js";

const THEMES = ["auto", "light", "dark"];
const THEME_ICONS = { auto: "sun-moon", light: "sun", dark: "moon" };
const words = texts.frame;

const EVERYONE = [
  { path: "/", icon: "house", label: words.home },
  { path: "/report", icon: "megaphone", label: words.report },
  { path: "/track", icon: "search", label: words.track, moreOnPhone: true },
];
const DESK = [
  { path: "/desk", icon: "layout-dashboard", label: words.desk },
  { path: "/statistics", icon: "chart-column", label: words.statistics, moreOnPhone: true },
  { path: "/outbox", icon: "inbox", label: words.outbox, moreOnPhone: true },
];
const ADMIN = [
  { path: "/people", icon: "users", label: words.people, moreOnPhone: true },
  { path: "/settings", icon: "settings", label: words.settings, moreOnPhone: true },
];
// In the account menu: the rail has no room for what is opened once in a while.
const ADMIN_MENU = [
  { path: "/api-keys", icon: "key-round", label: words.apiKeys },
  { path: "/audit", icon: "history", label: words.audit },
];

const here = location.pathname.replace(/\.html$/, "").replace(/^\/index$/, "/") || "/";

function link({ path, icon: name, label }, className) {
  const current = path === here && "page";
  return h("a", { href: path, class: className, "aria-current": current }, icon(name), label);
}

function placesFor(account) {
  if (!isStaff(account)) return EVERYONE;
  return [...EVERYONE, ...DESK, ...(account.role === "admin" ? ADMIN : [])];
}

function currentTheme() {
  const theme = stored("theme");
  return THEMES.includes(theme) ? theme : "auto";
}

function themeButton(className) {
  const button = h("button", { type: "button", class: className });
  const show = () => {
    const theme = currentTheme();
    button.replaceChildren(icon(THEME_ICONS[theme]), h("span", {}, words.theme));
    button.setAttribute("aria-label", words.themeIs(words.themes[theme]));
    button.title = words.themeIs(words.themes[theme]);
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length];
    store("theme", next === "auto" ? null : next);
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    announce(words.themeIs(words.themes[next]));
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  document.addEventListener("themechange", show);
  show();
  return button;
}

function opener(menu, iconName, label, className) {
  return h(
    "button",
    { type: "button", class: className, popovertarget: menu.id, "aria-label": label },
    icon(iconName),
    h("span", {}, label),
  );
}

function accountMenu(account) {
  const own = { path: "/account", icon: "user-round", label: words.myAccount };
  const leave = h("button", { type: "button" }, icon("log-out"), words.signOut);
  leave.addEventListener("click", async () => {
    try {
      await signOut();
      location.assign("/");
    } catch (error) {
      announce(error.message);
      leave.lastChild.textContent = words.signOutFailed;
    }
  });
  return h(
    "div",
    { id: "frame-account", class: "menu frame-menu from-top", popover: "auto" },
    h(
      "p",
      { class: "frame-who" },
      h("b", {}, account.name || account.email || words.staff),
      h("span", { class: "soft small" }, words.roles[account.role] ?? account.role),
    ),
    account.accountId && link(own),
    account.role === "admin" && ADMIN_MENU.map((place) => link(place)),
    leave,
  );
}

/** For whom the role does not count before there is a second factor. */
function secondFactorNotice(account) {
  return h(
    "div",
    { class: "frame-notice" },
    icon("shield-alert"),
    h("p", {}, words.secondFactor(words.roles[account.role])),
    h("a", { class: "button", href: "/account#two-factor" }, words.setUp),
  );
}

class Frame extends HTMLElement {
  async connectedCallback() {
    this.redraw(rememberedAccount());
    config().then(
      (answer) => this.nameCampus(answer.campusName),
      () => {}, // the frame stands without the name; the page tells what failed
    );
    document.addEventListener("accountchange", () => this.redraw(rememberedAccount()));
    const known = JSON.stringify(rememberedAccount());
    const account = await currentAccount();
    if (JSON.stringify(account) !== known) this.redraw(account);
  }

  redraw(account) {
    this.draw(account);
    this.nameCampus(knownConfig()?.campusName);
  }

  draw(account) {
    const places = placesFor(account);
    const staff = isStaff(account);
    const menu = account && accountMenu(account);
    const more = staff && this.moreMenu(places.filter((place) => place.moreOnPhone));
    const account_ = (className) =>
      menu
        ? opener(menu, "circle-user-round", words.account, className)
        : h("a", { href: signInAddress(), class: className }, icon("log-in"), words.signIn);
    this.replaceChildren(
      h("a", { href: "#main", class: "skip" }, words.skip),
      h(
        "header",
        { class: "frame-top" },
        h(
          "a",
          { href: "/", class: "frame-brand" },
          h("img", { src: "/img/mark.svg", alt: "", width: 28, height: 28 }),
          h("span", { dataset: { campus: "" } }),
        ),
        themeButton("frame-tool"),
        account_("frame-tool"),
      ),
      append(this.nav(places, staff, more, account_), menu, more),
      account?.needsSecondFactor && here !== "/account" ? secondFactorNotice(account) : "",
    );
  }

  nav(places, staff, more, account) {
    const items = places.map((place) => {
      const wideOnly = staff && place.moreOnPhone ? " only-wide" : "";
      return link(place, `frame-link${wideOnly}`);
    });
    if (more) items.push(opener(more, "ellipsis", words.more, "frame-link only-narrow"));
    return h(
      "nav",
      { class: "frame-nav", "aria-label": words.nav },
      items,
      h("span", { class: "frame-gap only-wide" }),
      themeButton("frame-link only-wide"),
      account("frame-link only-wide"),
    );
  }

  moreMenu(places) {
    return h(
      "div",
      { id: "frame-more", class: "menu frame-menu", popover: "auto" },
      places.map((place) => link(place)),
    );
  }

  /** The product's name stands for a campus that is not known yet, or has not named itself. */
  nameCampus(known) {
    const name = known || words.product;
    for (const place of document.querySelectorAll("[data-campus]")) place.textContent = name;
    this.querySelector(".frame-brand").setAttribute("aria-label", `${name}, ${words.home}`);
  }
}

customElements.define("q-frame", Frame);

// Chromium 156 decides on the page transition before it has looked at the styles, unless something
// asked for them; the transition then fails with an error nobody can catch.
void getComputedStyle(document.documentElement).color;
