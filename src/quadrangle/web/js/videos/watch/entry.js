import { currentAccount } from "../../base/account.js";
import { pageFailed } from "../../parts/page-failed.js";
import { failedPage, gonePage } from "./states.js";
import { callsOf } from "./stream.js";
import { watchPage } from "./page.js";

const main = document.querySelector("main");

async function start() {
  const query = new URLSearchParams(location.search);
  const wanted = { id: query.get("id") ?? "", key: query.get("key") };
  const account = await currentAccount();
  if (!/^\d+$/.test(wanted.id)) return gonePage(main, account);
  const calls = callsOf(wanted);
  const gone = () => gonePage(main, account);
  try {
    const video = await calls.video();
    if (video.status === "failed") return failedPage(main, video);
    return await watchPage(main, video, calls, { at: query.get("t"), gone });
  } catch (error) {
    return error.status === 404 ? gone() : pageFailed(main, error);
  }
}

start();
