import { count, some } from "../../base/texts.js";

export const texts = {
  title: "Report an issue",
  send: "Send the report",
  restored: (when) => `We kept what you typed ${when}.`,
  restoredPhotos: "Photos are not kept: please choose them again.",
  startAfresh: "Start afresh",
  cannotStart: "The form needs it for the first visit.",
  steps: {
    count: (n, of) => `Question ${n} of ${of}`,
    pageTitle: (question, count) => `${question} ${count}`,
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
    list: {
      label: "Places",
      open: "Show all places",
      found: (n) =>
        n
          ? some(n, "place in the list", "places in the list")
          : "Not in the list. What you type is used.",
    },
  },
  what: {
    title: "What is wrong?",
    label: "Describe it",
    hint: "What happens, since when, and the room or spot, so that we find it.",
    missing: "Describe what is wrong.",
    tooLong: (n) => `Shorten the description by ${some(n, "character")}.`,
    count: (n, of) => `${count(n)} of ${count(of)} characters`,
    over: (n) => `${some(n, "character")} too many`,
    left: (n) =>
      n < 0
        ? `${some(-n, "character")} too many`
        : `${some(n, "character")} left`,
    photos: {
      title: "Photos",
      hint: "A picture often saves a visit. Please show no people.",
    },
  },
  contact: {
    title: "Shall we keep you posted?",
    why: "Leave an address so that we can tell you when it is repaired. Only staff sees the address.",
    noMail: "This server is not set up to send mail yet: keep the issue id to follow the repair.",
    own: "You are signed in: the report belongs to your account, and staff sees your name with it.",
    filled: "Filled in from your account. Change or empty both as you like.",
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
      [
        "When the status changes you see it there, and in your mail if you leave an address.",
        "When the status changes you see it there.",
      ],
    ],
  },
  receipt: {
    title: "Your report is sent",
    keep: "Thank you. Keep the issue id: it is how you follow the repair.",
    owned: "Thank you. On every device where you sign in, it is among My reports.",
    mailed: "Thank you. We are sending the issue id to your address as well.",
    idLabel: "Issue id",
    number: (number) => `In mails and by staff it is called no. ${number}.`,
    secret: "Whoever has this id can see the report and reply to it.",
    copy: "Copy the id",
    copied: "Copied",
    selected: "The id is selected. Copy it with your keyboard.",
    photos: "Photos",
    track: "Follow this report",
    another: "Report another",
  },
};
