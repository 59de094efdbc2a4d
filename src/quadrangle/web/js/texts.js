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
    problem: "Please mend this first",
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
};
