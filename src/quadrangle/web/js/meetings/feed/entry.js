import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { backLink } from "../../parts/back-link.js";
import { confirmDialog } from "../../parts/overlays/confirm.js";
import { copyButton } from "../../parts/copy.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as common } from "../../parts/texts.js";
import { toast } from "../../parts/overlays/toast.js";
import { signInFirst } from "../sign-in-first.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const FEED = "/api/meetings/feed";
const trouble = h("div", { class: "trouble" });

function actionButton(label, className, work) {
  const button = h("button", { type: "button", class: className }, label);
  button.addEventListener("click", () =>
    busy(button, async () => {
      try {
        trouble.replaceChildren();
        await work();
      } catch (error) {
        trouble.replaceChildren(
          h("div", { class: "notice urgent", role: "alert" }, h("p", {}, error.message)),
        );
      }
    }),
  );
  return button;
}

function page(...content) {
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink("/meet", words.mine),
        h("h1", {}, words.title),
        h("p", { class: "soft" }, words.lead),
      ),
      h("section", { class: "card stack" }, content, trouble),
    ),
  );
}

async function make() {
  const { address } = await api.post(FEED, {});
  showAddress(address);
}

async function renew() {
  const sure = { text: words.renewSure, yes: words.renew, no: words.keep };
  if (await confirmDialog(sure)) await make();
}

async function end() {
  const sure = { text: words.endSure, yes: words.end, no: words.keep };
  if (!(await confirmDialog(sure))) return;
  await api.delete(FEED);
  showState({ createdAt: null });
  toast(words.ended);
}

function showAddress(address) {
  const heading = h("h2", { tabindex: "-1" }, words.yours);
  page(
    heading,
    h("p", {}, words.how),
    h("code", { class: "secret" }, address),
    h("p", { class: "hint soft" }, words.once),
    h(
      "div",
      { class: "row" },
      copyButton(words.copy, () => address, words.copied, "button primary"),
      h(
        "a",
        { class: "button", href: address.replace(/^https?:/, "webcal:") },
        icon("calendar-plus"),
        words.open,
      ),
      actionButton(words.end, "button danger", end),
    ),
  );
  heading.focus();
}

function showState({ createdAt }) {
  if (!createdAt) {
    page(
      h("p", {}, words.none),
      h("div", { class: "row" }, actionButton(words.make, "button primary", make)),
    );
    return;
  }
  page(
    h("p", {}, words.since, " ", timeElement(createdAt), "."),
    h("p", { class: "soft" }, words.lost),
    h(
      "div",
      { class: "row" },
      actionButton(words.renew, "button", renew),
      actionButton(words.end, "button danger", end),
    ),
  );
}

async function begin() {
  document.title = common.title(words.title);
  const account = await currentAccount();
  if (account?.accountId) showState(await api.get(FEED));
  else signInFirst(main, { ...words, why: account ? words.needsAccount : words.signInFirst });
}

append(clear(main), skeletonPage());
begin().catch((error) => pageFailed(main, error));
