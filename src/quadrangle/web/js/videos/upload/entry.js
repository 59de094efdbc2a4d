import { currentAccount, signInAddress } from "../../base/account.js";
import { api } from "../../base/api.js";
import { announce, append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { icon } from "../../parts/icons.js";
import { pageFailed } from "../../parts/page-failed.js";
import { texts as parts } from "../../parts/texts.js";
import { size } from "../amounts.js";
import { texts as common } from "../texts.js";
import { begun } from "./begun.js";
import { dropZone } from "./choosing.js";
import { keepHandle } from "./handles.js";
import { UploadItem } from "./item.js";
import { fingerprintOf, library } from "./sending.js";
import { texts as words } from "./texts.js";
import { Unfinished } from "./unfinished.js";

const main = document.querySelector("main");
const SIDE_BY_SIDE = 2;
const FOREIGN = /^(image|text|font)\/|^application\/(pdf|zip|json|msword|vnd\.openxml)/;

const titleOf = (file) => file.name.replace(/\.[^.]{1,5}$/, "").replace(/[_\s]+/g, " ").trim() || file.name;

function faultOf(file, limits) {
  if (file.size === 0) return words.faults.empty(file.name);
  if (file.size > limits.largest) return words.faults.tooLarge(file.name, size(limits.largest));
  if (FOREIGN.test(file.type)) return words.faults.notVideo(file.name);
  return null;
}

function limitWords({ largest, quota, used }) {
  return words.limits(size(largest), quota === null ? null : size(Math.max(0, quota - used)));
}

function uploadPage(account, { uploads, limits }) {
  const items = [];
  const list = h("ul", { role: "list", class: "stack" });
  const faults = h("div", { class: "upload-faults", role: "alert" });
  const zone = dropZone(add, h("p", { class: "hint" }, limitWords(limits)));
  const section = h(
    "section",
    { class: "stack", "aria-labelledby": "uploads-title", hidden: true },
    h("h2", { id: "uploads-title" }, words.list),
    h("p", { class: "soft" }, words.stays),
    list,
  );
  const leaving = (event) => event.preventDefault();

  function settle() {
    const free = SIDE_BY_SIDE - items.filter((one) => one.sends).length;
    for (const item of items.filter((one) => one.state === "waiting").slice(0, free)) item.start();
    // what was sent is kept, but going on needs this page
    if (items.some((one) => one.sends)) addEventListener("beforeunload", leaving);
    else removeEventListener("beforeunload", leaving);
    section.hidden = list.childElementCount === 0;
  }

  function gone(item) {
    item.element.remove();
    if (items.includes(item)) items.splice(items.indexOf(item), 1);
    section.hidden = list.childElementCount === 0;
    (list.querySelector("button") ?? document.querySelector("#video-files"))?.focus();
  }

  function begin(file, kept) {
    const item = new UploadItem({
      file,
      way: limits.way,
      accountId: account.accountId,
      title: kept?.title ?? titleOf(file),
      visibility: kept?.visibility ?? "private",
      sharing: kept?.sharing ?? null,
      onSettled: settle,
      onGone: gone,
      onResume(one) {
        one.state = "waiting";
        one.start();
      },
    });
    items.push(item);
    return item;
  }

  function add(files) {
    clear(faults);
    let added = 0;
    for (const { file, handle } of files) {
      const fingerprint = fingerprintOf(file, account.accountId);
      const known = items.find((one) => one.fingerprint === fingerprint);
      const fault = known ? words.faults.twice(file.name) : faultOf(file, limits);
      if (fault) {
        append(faults, h("p", {}, fault));
        continue;
      }
      if (handle) keepHandle(fingerprint, handle);
      const earlier = unfinished.find((one) => one.fingerprint === fingerprint);
      const item = begin(file, begun(fingerprint));
      if (earlier) earlier.element.replaceWith(item.element);
      else list.prepend(item.element);
      added += 1;
    }
    if (added) announce(words.chosen(added));
    settle();
  }

  const unfinished = uploads.map(
    (upload) =>
      new Unfinished(upload, {
        onFile: (file) => add([{ file, handle: null }]),
        choose: () => zone.open(),
        onGone: gone,
      }),
  );
  list.append(...unfinished.map((one) => one.element));
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink("/my-videos", common.mine),
        h("h1", {}, words.title),
        h("p", { class: "soft" }, words.lead),
      ),
      limits.refusal
        ? h("div", { class: "notice urgent", role: "alert" }, icon("triangle-alert"), h("p", {}, limits.refusal))
        : zone.element,
      faults,
      section,
    ),
  );
  settle();
  if (limits.way === "tus") library().catch(() => {}); // asked for again when it is needed
  for (const one of unfinished) one.revive();
}

function doorway(text, way) {
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h("h1", {}, words.title),
      h("div", { class: "empty card" }, icon("log-in"), h("p", {}, text), way),
    ),
  );
}

async function start() {
  document.title = parts.title(words.title);
  const account = await currentAccount();
  if (!account?.accountId) {
    const way = h("a", { class: "button primary", href: signInAddress() }, parts.signIn);
    doorway(account ? words.needsAccount : words.signInFirst, way);
    return;
  }
  try {
    uploadPage(account, await api.get("/api/uploads"));
  } catch (error) {
    pageFailed(main, error);
  }
}

start();
