import { signOut } from "../base/account.js";
import { announce, h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { texts as common } from "../parts/texts.js";
import { placeLink } from "./place-link.js";
import { texts as words } from "./texts.js";

const OWN = { path: "/account", icon: "user-round", label: words.myAccount };

function leaveButton() {
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
  return leave;
}

/** Who is signed in, what is opened once in a while, and the way out. */
export function accountMenu(account, places) {
  return h(
    "div",
    { id: "frame-account", class: "menu frame-menu from-top", popover: "auto" },
    h(
      "p",
      { class: "frame-who" },
      h("b", { dir: "auto" }, account.name || account.email || words.staff),
      h("span", { class: "soft small" }, common.roles[account.role] ?? account.role),
    ),
    account.accountId && placeLink(OWN),
    places.map((place) => placeLink(place)),
    leaveButton(),
  );
}
