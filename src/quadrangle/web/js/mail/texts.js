import { count, some } from "../base/texts.js";

export const texts = {
  title: "Outbox",
  tabs: { mails: "Mails", dead: "Dead letters" },
  states: { all: "All", queued: "Queued", kept: "Kept", sent: "Sent", failed: "Failed" },
  stateFilter: "State",
  keptHint:
    "No mail server is set, so mails stay here. Whoever runs the server names one by QUADRANGLE_SMTP_URL; then they are sent from here.",
  keptWithServer:
    "Kept mails were written while no mail server was set. One is set now. Invitations that were accepted meanwhile are left out; links lead to the present address.",
  sendKept: (n) => (n === 1 ? "Send the one that was kept" : `Send all ${count(n)} that were kept`),
  keptSent: (n) => `${some(n, "mail")} queued to be sent`,
  localLinks: (address) =>
    `Links in mails lead to ${address}, which opens on the server’s own machine alone. Whoever runs it sets QUADRANGLE_PUBLIC_URL to the address that people open.`,
  test: "Send a test mail to me",
  tested: (to) => `A mail to ${to} is written: see here how it fares`,
  detail: "Mail",
  mails: (n) => some(n, "mail"),
  to: "To",
  created: "Written",
  sent: "Sent",
  next: "Next attempt",
  attempts: (n) => (n ? some(n, "attempt") : "Not tried yet"),
  triedLabel: "Attempts",
  calendar: "Calendar",
  calendarMethod: (method) =>
    ({ REQUEST: "Invites, or moves", CANCEL: "Calls off" })[method] ?? method,
  lastError: "Last error",
  views: "View",
  asText: "Text",
  asHtml: "As the reader sees it",
  withheld:
    "Withheld: this mail is for its reader alone and may hold a link that opens something of theirs. Administrators can read it.",
  erased: "Erased",
  erasedHint: "This mail was erased, with the account it was for.",
  formerMember: "Former member",
  frameTitle: "The mail as the reader sees it",
  resend: "Send again",
  resent: "The mail is queued to be sent",
  choose: "Choose a mail to read it here.",
  back: "Back to list",
  noMails: "No mail has been written yet.",
  noneOf: (state) => `No mail is ${state.toLowerCase()}.`,
  showAll: "Show all mails",
  toDesk: "Go to the desk",
  gone: "There is no mail with this number.",
};
