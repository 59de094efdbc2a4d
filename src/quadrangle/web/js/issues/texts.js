// The words of the start page, and those that all pages about reports share.

import { some } from "../base/texts.js";
import { numberOf } from "./numbers.js";

export const texts = {
  status: { OPEN: "Open", IN_PROGRESS: "In progress", RESOLVED: "Resolved" },
  priority: { LOW: "Low", NORMAL: "Normal", HIGH: "High", URGENT: "Urgent" },

  workOrder: {
    title: (number) => `Work order, report no. ${number}`,
    printed: (when) => `printed ${when}`,
    notes: "Notes",
    doneOn: "Done on",
    doneBy: "By",
  },

  home: {
    title: "Something broken? Tell us.",
    lead: "A leak, a dark corridor, no Wi-Fi: two minutes here, and you can follow the repair.",
    action: "Report an issue",
    mine: "My reports",
    mineHere: "My reports on this device",
    mineFailed: "Your reports cannot be shown.",
    emptyMine: "What you report signed in appears here, with its status, on every device.",
    onlyHere: "Only on this device",
    onlyHereText: "Sent or opened here, and not part of your account.",
    add: "Add to my account",
    added: (n, left) => {
      const done = n ? `${some(n, "report is", "reports are")} part of your account now.` : "";
      const not = left
        ? `${some(left, "report stays", "reports stay")} as before: nothing shows that you sent ${left === 1 ? "it" : "them"}.`
        : "";
      return [done, not].filter(Boolean).join(" ");
    },
    empty: "What you report or track on this device will appear here, with its status.",
    first: "Report the first one",
    reportName: (type, location) => `${type}, ${location}`,
    number: (number) => `No. ${number}`,
    reportId: (id) => `Report ${numberOf(id)}`,
    showMore: "Show more",
    more: (n) => `Show ${n} more`,
    forget: (name) => `Take “${name}” off this list`,
    forgotten: "Taken off the list.",
    gone: "Not found",
    changed: (name, status) => `${name} is now ${status.toLowerCase()}.`,
  },
};
