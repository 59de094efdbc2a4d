import { currentAccount, isStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { Door } from "../../parts/door.js";
import { icon } from "../../parts/icons.js";
import { retryNotice } from "../../parts/retry-notice.js";
import { isOver } from "../badges.js";
import { ownSide } from "../sides.js";
import { inZone, ownZone } from "../times.js";
import { texts as words } from "./texts.js";

const FRESH_MS = 60_000;
const SOON_MS = 30 * 60_000;
const LONGEST_MS = 6 * 3600_000; // a meeting that began as long ago may still be going on

async function nextMeeting() {
  const from = new Date(Date.now() - LONGEST_MS).toISOString();
  const query = { from, limit: "20" };
  const { meetings } = await api.get("/api/meetings", { query });
  const now = Date.now();
  return meetings.find((one) => !isOver(one.status) && Date.parse(one.endsAt) > now) ?? null;
}

function button(href, label, iconName, primary) {
  return h("a", { class: primary ? "button primary" : "button", href }, icon(iconName), label);
}

/** The start page's card: the next meeting, or the way to one. */
class MeetDoor extends Door {
  #shown = "";

  constructor() {
    super("meet-door", words.title, FRESH_MS);
  }

  async refresh() {
    const account = await currentAccount();
    if (!account) {
      this.draw(h("p", {}, words.anyone), button("/meet", words.signedOut, "video"));
      return;
    }
    try {
      const next = account.accountId ? await nextMeeting() : null;
      const shape = JSON.stringify([next?.id, next?.meetTime, next?.version]);
      const soon = Boolean(next) && Date.parse(next.meetTime) - Date.now() < SOON_MS;
      if (shape + soon === this.#shown) return;
      this.#shown = shape + soon;
      this.classList.toggle("soon", soon);
      if (next) this.showNext(next, account, soon);
      else this.showWays(account);
    } catch (error) {
      if (this.#shown) return; // what stands there is true enough
      this.draw(retryNotice("", error, () => this.refresh()));
    }
  }

  showNext(meeting, account, soon) {
    const { other, link } = ownSide(meeting, account);
    const line = h(
      "p",
      {},
      h("b", { dir: "auto" }, words.with(other)),
      h("br"),
      inZone(meeting.meetTime, ownZone),
      " · ",
      timeElement(meeting.meetTime),
    );
    this.draw(
      line,
      link && button(link, words.open, "video", soon),
      h("a", { class: "button quiet", href: "/meet" }, words.mine),
    );
  }

  showWays(account) {
    if (isStaff(account)) {
      this.draw(
        h("p", { class: "soft" }, account.accountId ? words.none : words.staff),
        button("/meeting-operation", words.operation, "gauge"),
        h("a", { class: "button quiet", href: "/new-meeting" }, words.schedule),
      );
      return;
    }
    const line = h("p", { class: "soft" }, words.none);
    const way =
      account.role === "teacher"
        ? button("/hours", words.hours, "calendar-clock")
        : button("/book", words.book, "calendar-plus");
    this.draw(line, way, h("a", { class: "button quiet", href: "/meet" }, words.mine));
  }
}

customElements.define("q-meet-door", MeetDoor);
