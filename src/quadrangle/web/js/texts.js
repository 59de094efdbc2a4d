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

  report: {
    title: "Report an issue",
    send: "Send the report",
    restored: (when) => `We kept what you typed ${when}.`,
    restoredPhotos: "Photos are not kept: please choose them again.",
    startAfresh: "Start afresh",
    cannotStart: "The form needs it for the first visit.",
    steps: {
      count: (n, of) => `Question ${n} of ${of}`,
      next: "Continue",
      back: "Back",
    },
    type: {
      title: "What is it about?",
      aim: (time) => `Our aim: within ${time}`,
      missing: "Choose what it is about.",
    },
    place: {
      title: "Where is it?",
      label: "Building or place",
      hint: "Choose from the list, or type a place that is not in it.",
      missing: "Say where it is.",
    },
    what: {
      title: "What is wrong?",
      label: "Describe it",
      hint: "What happens, since when, and the room or spot, so that we find it.",
      missing: "Describe what is wrong.",
      tooLong: (n) => `Shorten the description by ${plural(n, "character", "characters")}.`,
      count: (n, of) => `${n.toLocaleString("en")} of ${of.toLocaleString("en")} characters`,
      over: (n) => `${plural(n, "character", "characters")} too many`,
      left: (n) =>
        n < 0
          ? `${plural(-n, "character", "characters")} too many`
          : `${plural(n, "character", "characters")} left`,
      photos: {
        title: "Photos",
        hint: "A picture often saves a visit. Please show no people.",
      },
    },
    contact: {
      title: "Shall we keep you posted?",
      why: "Leave an address so that we can tell you when it is repaired. Only staff sees it.",
      noMail: "This server is not set up to send mail yet: keep the issue id to follow the repair.",
      email: "E-mail",
      name: "Your name",
      wrongEmail: "Enter an address such as name@example.org, or leave it empty.",
    },
    sending: {
      kept: "Nothing was lost: what you typed is kept on this device.",
      again: "Try again",
      wait: (s) => `You can try again in ${s} s.`,
    },
    next: {
      title: "What happens next",
      steps: [
        "You get an issue id. With it you follow the repair, without an account.",
        "Staff looks at it and may ask you something on its page.",
        "When the status changes you see it there, and in your mail if you leave an address.",
      ],
    },
    receipt: {
      title: "Your report is sent",
      keep: "Thank you. Keep the issue id: it is how you follow the repair.",
      mailed: "Thank you. We are sending the issue id to your address as well.",
      idLabel: "Issue id",
      secret: "Whoever has this id can see the report and reply to it.",
      copy: "Copy the id",
      copied: "Copied",
      selected: "The id is selected. Copy it with your keyboard.",
      photos: "Photos",
      track: "Follow this report",
      another: "Report another",
    },
  },

  photos: {
    camera: "Take a photo",
    choose: "Choose photos",
    chosen: "Chosen photos",
    numbered: (n) => `photo ${n}`,
    remove: (name) => `Remove ${name}`,
    count: (n) => (n ? `${plural(n, "photo", "photos")} chosen` : "No photo chosen"),
    wrongType: (name) => `${name} is not a picture we can take. Choose JPEG, PNG, WebP or HEIC.`,
    emptyFile: (name) => `${name} is empty. Choose another picture.`,
    tooLarge: (name, bytes) => `${name} is larger than ${Math.floor(bytes / 2 ** 20)} MB. Choose a smaller one.`,
    tooMany: (n) => (n ? `An issue takes ${plural(n, "more photo", "more photos")} at most.` : "This issue takes no more photos."),
    sending: "Sending",
    sent: "Sent",
    progress: (name) => `Sending ${name}`,
    notSent: (why) => `Not sent. ${why}`,
    retry: "Send again",
    allSent: "All photos are sent.",
    someFailed: (n) => `${plural(n, "photo was", "photos were")} not sent.`,
  },

  combobox: {
    list: "Places",
    open: "Show all places",
    found: (n) => (n ? plural(n, "place in the list", "places in the list") : "Not in the list. What you type is used."),
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
