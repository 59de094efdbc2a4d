// Every word the pages show, in one place, so that another language is another file like this one.

const plural = (n, one, many) => (Number(n) === 1 ? `${n} ${one}` : `${n} ${many}`);

export const texts = {
  product: "Quadrangle",
  title: (page) => `${page} – Quadrangle`,

  status: { OPEN: "Open", IN_PROGRESS: "In progress", RESOLVED: "Resolved" },
  priority: { LOW: "Low", NORMAL: "Normal", HIGH: "High", URGENT: "Urgent" },

  time: {
    justNow: "just now",
    soon: "in a moment",
    unknown: "at an unknown time",
    minutes: (n) => `${n} min`,
    hours: (n) => `${n} h`,
    days: (n) => plural(n, "day", "days"),
    ago: (span) => `${span} ago`,
    ahead: (span) => `in ${span}`,
  },

  api: {
    offline: "You are offline.",
    unreachable: "The server cannot be reached.",
    strange: "The server sent an answer that cannot be read.",
    failed: (status) => `The server could not do this (${status}).`,
  },

  forms: {
    optional: "(optional)",
    problem: "There is a problem",
  },

  frame: {
    product: "Quadrangle",
    nav: "Main",
    skip: "Skip to the content",
    home: "Home",
    report: "Report",
    track: "Track",
    desk: "Desk",
    statistics: "Statistics",
    outbox: "Outbox",
    settings: "Settings",
    more: "More",
    account: "Account",
    staff: "Staff",
    roles: { staff: "Staff", admin: "Administrator" },
    signIn: "Sign in",
    signOut: "Sign out",
    signOutFailed: "Sign out (try again)",
    theme: "Theme",
    themeIs: (theme) => `Theme: ${theme}`,
    themes: { auto: "as the system", light: "light", dark: "dark" },
  },

  home: {
    title: "Something broken? Tell us.",
    lead: "A leak, a dark corridor, no Wi-Fi: two minutes here, and you can follow the repair.",
    action: "Report an issue",
    mine: "My reports",
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

  track: {
    find: {
      title: "Track a report",
      label: "Issue id",
      hint: "It is on your receipt and in our mail. A whole link works too.",
      button: "Track it",
      none: "Enter the issue id you were given.",
      wrong: "This is not an issue id. It looks like 3f2b8c1e-5a04-4d1b-9c77-0e6a1b2c3d4e.",
    },
  },
};
