// The words of what pages are made of. Each room of pages has its own beside it,
// in a file of the same name, so that another language is other files like these.

export const texts = {
  product: "Quadrangle",
  title: (page) => `${page} – Quadrangle`,

  forms: {
    optional: "(optional)",
    problem: "There is a problem",
    errorTitle: (title) => `Error: ${title}`,
  },

  toast: { undo: "Undo", dismiss: "Dismiss", message: "What just happened" },
  copyByHand: "Copy this:",
  tryAgain: "Try again",
  back: "Back",

  longText: { all: "Show all", less: "Show less" },

  list: { more: "Load more", failed: "This could not be loaded." },

  secret: {
    once: "It is shown only this once and cannot be looked up later. Copy it now and hand it over in person.",
    copy: "Copy",
    copied: "Copied",
    done: "I have noted it",
  },

  signIn: "Sign in",
  roles: {
    student: "Student",
    teacher: "Teacher",
    staff: "Staff",
    admin: "Administrator",
  },
};
