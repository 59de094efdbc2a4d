import { currentAccount, rememberedAccount, signInAddress } from "../base/account.js";
import { config, knownConfig } from "../base/config.js";
import { append, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts as common } from "../parts/texts.js";
import { accountMenu } from "./account-menu.js";
import { elsewhereNotice } from "./elsewhere.js";
import { isHere, placeLink } from "./place-link.js";
import { placesFor, roleOf } from "./places.js";
import { texts as words } from "./texts.js";
import { themeButton } from "./theme-button.js";

function opener(menu, iconName, label, className) {
  return h(
    "button",
    { type: "button", class: className, popovertarget: menu.id, "aria-label": label },
    icon(iconName),
    h("span", {}, label),
  );
}

/** For whom the role does not count before there is a second factor. */
function secondFactorNotice(account) {
  return h(
    "div",
    { class: "frame-notice" },
    icon("shield-alert"),
    h("p", {}, words.secondFactor(common.roles[account.role])),
    h("a", { class: "button", href: "/account#two-factor" }, words.setUp),
  );
}

function moreMenu(places) {
  return h(
    "div",
    { id: "frame-more", class: "menu frame-menu", popover: "auto" },
    places.map((place) => placeLink(place)),
  );
}

function nav({ rail, tabs }, more, account) {
  const items = rail.map((place) =>
    placeLink(place, tabs.includes(place) ? "frame-link" : "frame-link only-wide"),
  );
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

function top(account) {
  return h(
    "header",
    { class: "frame-top" },
    h(
      "a",
      { href: "/", class: "frame-brand" },
      h("img", { src: new URL("../../img/mark.svg", import.meta.url).href, alt: "", width: 28, height: 28 }),
      h("span", { dataset: { campus: "" } }),
    ),
    themeButton("frame-tool"),
    account("frame-tool"),
  );
}

class Frame extends HTMLElement {
  #account = rememberedAccount();

  async connectedCallback() {
    this.draw(this.#account);
    this.refresh();
    document.addEventListener("accountchange", () => this.draw(rememberedAccount()));
    const account = await currentAccount();
    if (JSON.stringify(account) !== JSON.stringify(this.#account)) this.draw(account);
  }

  /** Draw again where a service was switched on or off since the last visit. */
  async refresh() {
    const known = String(knownConfig()?.services ?? "");
    const answer = await config().catch(() => null);
    if (!answer) return; // the frame stands as it was; the page tells what failed
    if (String(answer.services ?? "") !== known) this.draw(this.#account);
    else this.nameCampus(answer.campusName);
    this.tellElsewhere(answer);
  }

  draw(account) {
    this.#account = account;
    const { campusName, services } = knownConfig() ?? {};
    const places = placesFor(roleOf(account), services);
    const menu = account && accountMenu(account, places.menu);
    const more = places.more.length > 0 && moreMenu(places.more);
    const accountTool = (className) =>
      menu
        ? opener(menu, "circle-user-round", words.account, className)
        : h("a", { href: signInAddress(), class: className }, icon("log-in"), common.signIn);
    this.replaceChildren(
      h("a", { href: "#main", class: "skip" }, words.skip),
      top(accountTool),
      append(nav(places, more, accountTool), menu, more),
      h(
        "div",
        { class: "frame-notices" },
        account?.needsSecondFactor && !isHere("/account") && secondFactorNotice(account),
      ),
    );
    this.nameCampus(campusName);
    this.tellElsewhere(knownConfig());
  }

  tellElsewhere(told) {
    this.querySelector("[data-elsewhere]")?.remove();
    const notice = elsewhereNotice(told);
    if (notice) this.querySelector(".frame-notices").append(notice);
  }

  /** The product's name stands for a campus that is not known yet, or has not named itself. */
  nameCampus(known) {
    const name = known || common.product;
    for (const place of document.querySelectorAll("[data-campus]")) place.textContent = name;
    this.querySelector(".frame-brand").setAttribute("aria-label", `${name}, ${words.places.home}`);
  }
}

customElements.define("q-frame", Frame);

// Chromium 156 decides on the page transition before it has looked at the styles, unless something
// asked for them; the transition then fails with an error nobody can catch.
void getComputedStyle(document.documentElement).color;
