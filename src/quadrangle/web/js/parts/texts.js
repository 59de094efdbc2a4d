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
    ended: "Your sign-in has ended. Please sign in again.",
  },

  forms: {
    optional: "(optional)",
    problem: "There is a problem",
    mend: "Please mend this first",
  },

  toast: { undo: "Undo", dismiss: "Dismiss", message: "What just happened" },
  copyByHand: "Copy this:",
  tryAgain: "Try again",

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
      why: "Leave an address so that we can tell you when it is repaired. Only staff sees the address.",
      noMail: "This server is not set up to send mail yet: keep the issue id to follow the repair.",
      email: "E-mail",
      name: "Your name",
      nameHint: "Shown with your replies.",
      wrongEmail: "Enter an address such as name@example.org, or leave it empty.",
    },
    sending: {
      kept: "What you typed is kept on this device.",
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
    tooLarge: (name, bytes) =>
      `${name} is larger than ${Math.floor(bytes / 2 ** 20)} MB. Choose a smaller one.`,
    tooMany: (n) =>
      n
        ? `An issue takes ${plural(n, "more photo", "more photos")} at most.`
        : "This issue takes no more photos.",
    sending: "Sending",
    sent: "Sent",
    progress: (name) => `Sending ${name}`,
    notSent: (why) => `Not sent. ${why}`,
    retry: "Send again",
    allSent: "All photos are sent.",
    title: "Photos",
    previous: "Previous photo",
    next: "Next photo",
    close: "Close",
    position: (n, of, when) => `Photo ${n} of ${of}, ${when}`,
    someFailed: (n) => `${plural(n, "photo was", "photos were")} not sent.`,
  },

  combobox: {
    list: "Places",
    open: "Show all places",
    found: (n) =>
      n
        ? plural(n, "place in the list", "places in the list")
        : "Not in the list. What you type is used.",
  },

  track: {
    find: {
      title: "Track a report",
      label: "Issue id",
      hint: "It is on your receipt and in our mail. A whole link works too.",
      button: "Track it",
      none: "Enter the issue id you were given.",
      mine: "My reports on this device",
      wrong: "This is not an issue id. It looks like 3f2b8c1e-5a04-4d1b-9c77-0e6a1b2c3d4e.",
    },
    name: (type, location) => `${type}, ${location}`,
    loading: "Loading the report",
    cannotShow: "The report cannot be shown now",
    again: "Try again",
    reported: "Reported",
    description: "What is wrong",
    duplicate: "Someone reported this before. Both are repaired together, and this page follows along.",
    openDesk: "Open on the desk",
    nowIs: (status) => `The status is now: ${status}.`,
    newReply: (name) => `New reply from ${name || "staff"}.`,
    stale: "This page may be out of date; it tries again by itself.",
    notFound: {
      title: "No report has this id",
      text: "Check it against your receipt: every character counts.",
    },
    stepper: {
      label: "Status",
      ahead: "to come",
      skipped: "skipped",
    },
    details: {
      title: "Details",
      type: "About",
      place: "Place",
      priority: "Priority",
      reported: "Reported",
      changed: "Last change",
      id: "Issue id",
      due: "We aim to resolve this",
      late: "This is late. It should have been resolved",
      copyLink: "Copy the link",
      copied: "Link copied",
      notCopied: "Copy it from the address bar",
      history: "History",
      moved: (from, to) => `${from} → ${to}`,
      events: { "issue.reported": "Reported" },
      otherEvent: "Changed",
    },
    conversation: {
      title: "Conversation",
      empty: "No replies yet. Staff may ask you something here.",
      reporter: "Reporter",
      staff: "Staff",
      label: "Write a reply",
      hint: "Staff sees it with the report, and so does everyone who has the issue id.",
      asStaff: "You are signed in: this goes out as a reply from staff.",
      send: "Send the reply",
      sent: "Your reply is sent.",
      missing: "Write something first.",
      tooLong: (n) => `Shorten the reply by ${plural(n, "character", "characters")}.`,
      failed: "The reply was not sent",
      wait: (s) => `Try again in ${s} s.`,
      kept: "What you typed is kept on this device.",
    },
    photos: {
      title: "Photos",
      empty: "No photos yet. A picture often saves a visit.",
      open: (label) => `Open ${label}`,
    },
  },

  notFound: {
    title: "Nothing is here",
    text: "The address may be mistyped, or the page has moved.",
    home: "Go to the start page",
  },

  apiDocs: {
    title: "The HTTP API",
    lead: "Every call, to read and to try. For machines:",
    missing: "The browsable description is not installed here. For machines:",
    calls: "Calls",
  },
};
