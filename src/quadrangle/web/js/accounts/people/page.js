import { h } from "../../base/dom.js";
import { requireStaff } from "../../base/account.js";
import { icon } from "../../parts/icons.js";
import { ListDetail, sideBySide } from "../../parts/lists/list-detail.js";
import { pageFailed } from "../../parts/page-failed.js";
import { toast } from "../../parts/overlays/toast.js";
import { readAddress, toAddress } from "./address.js";
import { filters } from "./filters.js";
import { inviteMany } from "./importing.js";
import { inviteOne } from "./inviting.js";
import { PeopleList } from "./people-list.js";
import { personView } from "./person-view.js";
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
  const page = new ListDetail({ name: "person", readAddress, toAddress });
  const list = new PeopleList({ go: page.go });
  const pane = personView({ me, onBack: page.back, onChanged: (person) => list.update(person) });
  const narrowing = filters(page.go);
  main.classList.add("people");
  main.replaceChildren(
    h("h1", { class: "visually-hidden" }, words.title),
    sideBySide([head(list, page.go), narrowing.element, list.element], pane),
  );
  page.begin({ main, list, pane, onShow: narrowing.show });
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
