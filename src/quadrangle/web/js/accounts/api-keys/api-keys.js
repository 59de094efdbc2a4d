import { api } from "../../base/api.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { h } from "../../base/dom.js";
import { badge } from "../../parts/badge.js";
import { requireStaff } from "../../base/account.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { timeElement } from "../../base/time.js";
import { toast } from "../../parts/overlays/toast.js";
import { apiKeyForm } from "./api-key-form.js";
import { example } from "./example.js";
import { secretDialog } from "../../parts/overlays/secret-dialog.js";
import { texts as words } from "./texts.js";

const PATH = "/api/accounts/api-keys";
const main = document.querySelector("#main");
const page = (...content) =>
  main.replaceChildren(
    h("div", { class: "column api-keys stack" }, h("h1", {}, words.title), ...content),
  );

function stateOf({ revokedAt, expiresAt, usedAt }) {
  if (revokedAt) return "revoked";
  if (expiresAt && new Date(expiresAt) <= new Date()) return "expired";
  return usedAt ? "holds" : "unused";
}

const holds = (key) => ["holds", "unused"].includes(stateOf(key));

function times(key) {
  const state = stateOf(key);
  const told = [[words.madeAt, key.createdAt, ` ${words.madeBy(key.createdBy)}`]];
  if (key.usedAt) told.push([words.used, key.usedAt]);
  if (state === "revoked") told.push([words.revokedAt, key.revokedAt]);
  else if (key.expiresAt)
    told.push([state === "expired" ? words.endedAt : words.endsAt, key.expiresAt]);
  return h(
    "p",
    { class: "soft small api-key-times" },
    told.map(([name, at, more]) => h("span", {}, `${name} `, timeElement(at), more)),
  );
}

function row(key, onRevoke) {
  const state = stateOf(key);
  const revoke = h(
    "button",
    { type: "button", class: "button danger", "aria-label": words.revokeKey(key.name) },
    words.revoke,
  );
  revoke.addEventListener("click", () => onRevoke(key));
  return h(
    "li",
    { class: `api-key${holds(key) ? "" : " inactive"}`, dataset: { id: key.apiKeyId } },
    h(
      "div",
      { class: "api-key-what" },
      h("p", {}, h("b", { dir: "auto" }, key.name), " ", badge(words.states[state])),
      h("p", { class: "small" }, key.scopes.map((scope) => words.scopeNames[scope]).join("; ")),
      h("p", { class: "soft small" }, words.plans[key.plan]),
      times(key),
    ),
    holds(key) && revoke,
  );
}

async function forAdmins() {
  const list = h("ul", { role: "list", class: "api-key-list" });
  const old = h("ul", { role: "list", class: "api-key-list" });
  const oldName = h("summary", {});
  const ended = h("details", { class: "disclosure" }, oldName, old);
  const empty = h("div", { class: "empty" }, icon("key-round"), h("p", {}, words.empty));
  const add = h("button", { type: "button", class: "button primary" }, icon("plus"), words.make);

  async function reload() {
    const { apiKeys } = await api.get(PATH);
    const present = apiKeys.filter(holds);
    const past = apiKeys.filter((key) => !holds(key));
    list.replaceChildren(...present.map((key) => row(key, revoke)));
    old.replaceChildren(...past.map((key) => row(key, revoke)));
    empty.hidden = present.length > 0;
    ended.hidden = past.length === 0;
    oldName.textContent = words.ended(past.length);
  }

  async function revoke(key) {
    const sure = await confirmDialog({
      text: words.revokeSure(key.name),
      yes: words.revoke,
      no: words.keep,
    });
    if (!sure) return;
    try {
      await api.delete(`${PATH}/${key.apiKeyId}`);
      toast(words.revoked(key.name));
    } catch (error) {
      toast(error.message);
    }
    await reload();
    add.focus();
  }

  add.addEventListener("click", async () => {
    const made = await apiKeyForm();
    if (!made) return;
    const { name, scopes } = made.apiKey;
    await secretDialog(words.secret(name), made.key, example(made.key, scopes));
    await reload();
  });

  await reload(); // first, so that nothing moves
  page(
    h("p", { class: "soft" }, words.hint, " ", h("a", { href: "/api/docs" }, words.docs)),
    h("div", { class: "card stack" }, h("div", {}, add), list, empty, ended),
    h("div", { class: "card" }, example("qk_…", ["issues:read"])),
  );
}

async function start() {
  const account = await requireStaff();
  if (account.role === "admin") await forAdmins();
  else page(h("div", { class: "notice" }, icon("info"), h("p", {}, words.forAdmins)));
}

start().catch((error) => pageFailed(main, error));
