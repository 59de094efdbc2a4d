import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { confirmDialog } from "../parts/overlays/confirm.js";
import { busy } from "../parts/forms/forms.js";
import { icon } from "../parts/icons.js";
import { toast } from "../parts/overlays/toast.js";
import { texts as words } from "./texts.js";

const SIZE = 100;
const PAGES = 5; // that are looked through to tell to how many addresses mails go

/** How many mails are kept and to how many addresses; `more` where those are more than was read. */
async function whoIsMeant(kept) {
  const addresses = new Set();
  let mails = 0;
  let cursor = null;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { state: "kept", limit: SIZE, cursor };
    const answer = await api.get("/api/mail/outbox", { query });
    const meant = answer.mails.filter(({ to }) => to); // without those that were erased
    mails += meant.length;
    for (const { to } of meant) addresses.add(to.toLowerCase());
    cursor = answer.nextCursor;
    if (!cursor) return { mails, addresses: addresses.size, more: false };
  }
  return { mails: kept, addresses: addresses.size, more: true };
}

/** What stands above the list while mails are kept; `onSent` once they were sent from here. */
export class KeptNotice {
  #kept = 0;

  constructor({ isSmtp, onSent }) {
    this.button = h("button", { type: "button", class: "button", hidden: !isSmtp });
    this.button.addEventListener("click", () => busy(this.button, () => this.#ask(onSent)));
    const hint = isSmtp ? words.keptWithServer : words.keptHint;
    const text = h("div", { class: "stack tight" }, h("p", {}, hint), h("div", {}, this.button));
    this.element = h("div", { class: "notice", hidden: true }, icon("info"), text);
  }

  show(kept) {
    this.element.hidden = !kept;
    if (kept === this.#kept) return;
    this.#kept = kept;
    this.button.replaceChildren(icon("send"), words.sendKept(kept));
  }

  async #ask(onSent) {
    try {
      const meant = await whoIsMeant(this.#kept);
      const text = words.sendKeptSure(meant);
      const yes = words.sendKeptYes(meant.mails);
      const sure = await confirmDialog({ text, yes, no: words.sendKeptNo, danger: false });
      if (!sure) return;
      toast(words.keptSent(await sendAll()));
    } catch (error) {
      toast(error.message);
    }
    await onSent();
  }
}

async function sendAll() {
  let queued = 0;
  let answer;
  do {
    answer = await api.post("/api/mail/outbox/send-kept");
    queued += answer.queued;
  } while (answer.left > 0 && answer.queued > 0);
  return queued;
}
