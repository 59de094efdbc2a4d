import { currentAccount } from "../../base/account.js";
import { api } from "../../base/api.js";
import { append, clear, h } from "../../base/dom.js";
import { backLink } from "../../parts/back-link.js";
import { pageFailed } from "../../parts/page-failed.js";
import { skeletonPage } from "../../parts/skeleton.js";
import { texts as common } from "../../parts/texts.js";
import { signInFirst } from "../sign-in-first.js";
import { inZone, ownZone } from "../times.js";
import { confirmPage } from "./confirm.js";
import { openHours, slotList, zoneWords } from "./slots.js";
import { teachersPage } from "./teachers.js";
import { texts as words } from "./texts.js";

const main = document.querySelector("main");
const MINUTE_DAYS = 1 / 1440;

/** The hours of one teacher; `notice` says why one is here again. */
function hoursPage(teacherId, instead, notice = "") {
  const heading = h("h1", { tabindex: "-1" }, words.title);
  const told = h("p", { class: "soft" });
  const back = instead ? `/change-meeting?id=${instead.id}` : "/book";
  const trouble = notice && h("div", { class: "notice progress", role: "alert" }, h("p", {}, notice));
  const title = (name) => (instead ? words.hours.moveTitle : words.hours.title)(name);
  const list = slotList({
    teacherId,
    instead: instead?.id,
    onFirst(found) {
      heading.textContent = title(found.teacherName);
      document.title = common.title(heading.textContent);
      told.textContent = `${words.hours.length(found.minutes)} ${zoneWords(found)}`;
    },
  });
  append(
    clear(main),
    h(
      "div",
      { class: "column stack loose" },
      h(
        "header",
        { class: "stack tight" },
        backLink(back, instead ? common.back : words.hours.all),
        heading,
        instead && h("p", {}, words.hours.now(inZone(instead.meetTime, ownZone))),
        told,
      ),
      trouble,
      list,
    ),
  );
  if (notice) {
    heading.focus();
    scrollTo(0, 0);
  }
}

/** Look whether an hour is open still: then it can be taken, else others are shown. */
async function slotPage(teacherId, at, instead) {
  const isOpen = async () => {
    const found = await openHours(teacherId, Date.parse(at), MINUTE_DAYS);
    const slot = found.slots.find((each) => Date.parse(each.startsAt) === Date.parse(at));
    return slot && { found, slot };
  };
  const gone = () => {
    const query = new URLSearchParams({ teacher: teacherId });
    if (instead) query.set("instead", instead.id);
    history.replaceState(null, "", `/book?${query}`);
    hoursPage(teacherId, instead, words.confirm.taken);
    return true;
  };
  const open = await isOpen();
  if (!open) gone();
  // a refusal for another reason than that it is taken is told where it was asked for
  else confirmPage(main, { ...open, instead, onTaken: async () => !(await isOpen()) && gone() });
}

async function begin() {
  document.title = common.title(words.title);
  const account = await currentAccount();
  if (!account?.accountId) {
    signInFirst(main, { ...words, why: account ? words.needsAccount : words.signInFirst });
    return;
  }
  const query = new URLSearchParams(location.search);
  const [teacherId, at, id] = ["teacher", "at", "instead"].map((name) => query.get(name));
  const instead = id ? await api.get(`/api/meetings/${encodeURIComponent(id)}`) : null;
  if (teacherId && at && !Number.isNaN(Date.parse(at))) await slotPage(teacherId, at, instead);
  else if (teacherId) hoursPage(teacherId, instead);
  else teachersPage(main);
}

append(clear(main), skeletonPage());
begin().catch((error) => pageFailed(main, error));
