import { isStaff } from "../../base/account.js";
import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { busy } from "../../parts/forms/forms.js";
import { icon } from "../../parts/icons.js";
import { forgetReport, refuseReport } from "../my-reports.js";
import { texts } from "../texts.js";

const words = texts.home;

/**
 * Which of the reports on this device may be the account's: those that were sent from here, and,
 * as the address in them may be that of the account, others. Staff opens reports all day.
 */
function candidates(reports, account) {
  return reports.filter(({ key, refused }) => !refused && (key || !isStaff(account)));
}

/** Adds what was sent from this device to the account, all in one go; `onAdded` follows. */
export function addingReports(account, onAdded) {
  const told = h("p", { class: "small", role: "status" });
  const button = h("button", { type: "button", class: "button" }, icon("plus"), words.add);
  let wanted = [];

  async function add() {
    const reports = wanted.map(({ issueId, key }) => ({ issueId, ...(key && { key }) }));
    try {
      const { added, refused } = await api.post("/api/issues/mine", { reports });
      added.forEach(forgetReport);
      refused.forEach((issueId) => refuseReport(issueId, account.accountId));
      told.textContent = words.added(added.length, refused.length);
      await onAdded();
      document.querySelector("#my-reports")?.focus();
    } catch (error) {
      told.textContent = error.message;
    }
  }

  button.addEventListener("click", () => busy(button, add));
  return {
    button,
    told,
    offer(reports) {
      wanted = candidates(reports, account);
      button.hidden = wanted.length === 0;
    },
  };
}
