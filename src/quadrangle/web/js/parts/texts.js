// The words of the frame and of what pages are made of. Each room of pages has its own beside it,
// in a file of the same name, so that another language is other files like these.

export const texts = {
  product: "Quadrangle",
  title: (page) => `${page} – Quadrangle`,

  forms: {
    optional: "(optional)",
    problem: "There is a problem",
    mend: "Please mend this first",
  },

  toast: { undo: "Undo", dismiss: "Dismiss", message: "What just happened" },
  copyByHand: "Copy this:",
  tryAgain: "Try again",

  list: { more: "Load more", failed: "This could not be loaded." },

  secret: {
    once: "It is shown only this once and cannot be looked up later. Copy it now and hand it over in person.",
    copy: "Copy",
    copied: "Copied",
    done: "I have noted it",
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
    people: "People",
    audit: "Audit",
    apiKeys: "API keys",
    settings: "Settings",
    more: "More",
    account: "Account",
    staff: "Staff",
    roles: {
      student: "Student",
      teacher: "Teacher",
      staff: "Staff",
      admin: "Administrator",
    },
    myAccount: "My account",
    secondFactor: (role) => `As ${role.toLowerCase()} you need a second factor before you can go on.`,
    setUp: "Set it up",
    signIn: "Sign in",
    signOut: "Sign out",
    signOutFailed: "Sign out (try again)",
    theme: "Theme",
    themeIs: (theme) => `Theme: ${theme}`,
    themes: { auto: "as the system", light: "light", dark: "dark" },
  },
};
