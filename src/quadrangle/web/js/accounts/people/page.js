import { h } from "../../base/dom.js";
import { requireStaff } from "../../parts/frame.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { toast } from "../../parts/toast.js";
import { readAddress, toAddress } from "./address.js";
import { filters } from "./filters.js";
import { inviteMany } from "./importing.js";
import { inviteOne } from "./inviting.js";
import { PeopleList } from "./people-list.js";
import { PersonView } from "./person-view.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("#main");

function tool(symbol, text, work, className = "button") {
  const button = h("button", { type: "button", class: className }, icon(symbol), text);
  button.addEventListener("click", () => work().catch((error) => toast(error.message)));
  return button;
}

function head(list, go) {
  async function one() {
    const account = await inviteOne();
    if (!account) return;
    await list.reload();
    go({ person: account.accountId }, { focus: true });
  }
  async function many() {
    if (await inviteMany()) await list.reload();
  }
  return h(
    "div",
    { class: "people-head" },
    h("p", { class: "page-name", "aria-hidden": "true" }, words.title),
    h(
      "div",
      { class: "people-tools" },
      tool("list-plus", words.bringIn, many),
      tool("user-plus", words.invite, one, "button primary"),
    ),
  );
}

function show(me) {
  let address = readAddress();
  const list = new PeopleList({ go });
  const view = new PersonView({ me, onBack: back, onChanged: (person) => list.update(person) });
  const narrowing = filters(go);
  const top = head(list, go);

  function go(changes, { focus = false, replace = false } = {}) {
    const next = { ...address, ...changes };
    const to = toAddress(next);
    // From one person to the next the way back still leads to the list.
    if (replace || (address.person && next.person)) history.replaceState(history.state, "", to);
    else history.pushState({ fromList: Boolean(next.person) }, "", to);
    draw(next, focus);
  }

  function back() {
    if (history.state?.fromList) history.back();
    else go({ person: "" });
  }

  function draw(next, focus = false) {
    const before = address;
    address = next;
    main.classList.toggle("reading", Boolean(next.person));
    narrowing.show(next);
    list.show(next);
    view.show(next.person, { focus });
    if (before.person && !next.person) list.focus(before.person);
  }

  main.classList.add("people");
  main.replaceChildren(
    h("h1", { class: "visually-hidden" }, words.title),
    h(
      "div",
      { class: "list-detail" },
      h("div", { class: "list-side" }, top, narrowing.element, list.element),
      view.element,
    ),
  );
  addEventListener("popstate", () => draw(readAddress()));
  draw(address);
}

async function start() {
  const me = await requireStaff();
  if (me.role === "admin") show(me);
  else {
    main.replaceChildren(
      h("h1", {}, words.title),
      h("div", { class: "notice" }, icon("info"), h("p", {}, words.forAdmins)),
    );
  }
}

start().catch((error) => pageFailed(main, error));
