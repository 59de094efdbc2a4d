// The words of the start page, and those that all pages about reports share.

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
    mine: "My reports on this device",
    empty: "What you report or track on this device will appear here, with its status.",
    first: "Report the first one",
    reportName: (type, location) => `${type}, ${location}`,
    reportId: (id) => `Report ${id.slice(0, 8)}`,
    more: (n) => `Show ${n} more`,
    forget: (name) => `Take “${name}” off this list`,
    forgotten: "Taken off the list.",
    gone: "Not found",
    changed: (name, status) => `${name} is now ${status.toLowerCase()}.`,
  },
};
