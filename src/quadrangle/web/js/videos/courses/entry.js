import { currentAccount, signInAddress } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { texts as parts } from "../../parts/texts.js";
import { coursePath } from "../addresses.js";
import { knowWatched } from "../resume.js";
import { coursePage } from "./page.js";
import { texts } from "./texts.js";

const words = texts.course;
const main = document.querySelector("main");

function gonePage(account) {
  document.title = parts.title(words.gone);
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("h1", {}, words.gone),
      h(
        "div",
        { class: "empty card" },
        icon("list-video"),
        h("p", {}, words.goneText, !account && ` ${words.signIn}`),
        account
          ? h("a", { class: "button", href: "/courses" }, words.all)
          : h("a", { class: "button primary", href: signInAddress() }, parts.signIn),
      ),
    ),
  );
}

async function start() {
  const id = new URLSearchParams(location.search).get("id") ?? "";
  const account = await currentAccount();
  try {
    const [course] = await Promise.all([api.get(coursePath(id || "-")), knowWatched()]);
    return coursePage(main, course, account);
  } catch (error) {
    return error.status === 404 ? gonePage(account) : pageFailed(main, error);
  }
}

start();
