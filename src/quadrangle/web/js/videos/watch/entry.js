import { currentAccount } from "../../base/account.js";
import { pageFailed } from "../../parts/page-failed.js";
import { keyFor, passwordPage } from "./password.js";
import { failedPage, gonePage, overPage } from "./states.js";
import { callsOf } from "./stream.js";
import { watchPage } from "./page.js";

const main = document.querySelector("main");

async function show(wanted, key, { account, at }) {
  const calls = callsOf({ id: wanted.id, key });
  const gone = () => gonePage(main, account);
  try {
    const video = await calls.video();
    if (video.status === "failed") return failedPage(main, video);
    return await watchPage(main, video, calls, { at, key, gone });
  } catch (error) {
    if (error.body?.passwordRequired) {
      return passwordPage(main, wanted, (opened) => show(wanted, opened, { account, at }));
    }
    if (error.status === 410) return overPage(main, error.message);
    return error.status === 404 ? gone() : pageFailed(main, error);
  }
}

async function start() {
  const query = new URLSearchParams(location.search);
  const wanted = { id: query.get("id") ?? "", key: query.get("key") };
  const account = await currentAccount();
  if (!/^\d+$/.test(wanted.id)) return gonePage(main, account);
  return show(wanted, keyFor(wanted), { account, at: query.get("t") });
}

start();
