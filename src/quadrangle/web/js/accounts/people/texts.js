// The English of the page about people.
import { some } from "../../base/texts.js";
import { texts as common } from "../../parts/texts.js";

const people = (n) => some(n, "person", "people");

export const texts = {
  title: "People",
  forAdmins: "Only administrators can see and change people’s accounts.",
  roles: common.roles,
  statuses: {
    active: "Active",
    invited: "Invited",
    unconfirmed: "Not confirmed",
    disabled: "Disabled",
    closed: "Closed",
  },
  allRoles: "All roles",
  anyStatus: "Any status",
  roleFilter: "Role",
  statusFilter: "Status",
  search: "Find people",
  searchHint: "Words of the name or the e-mail address",
  clearSearch: "Clear the search",
  nobody: "Nobody has an account yet.",
  noneFound: "Nobody fits this search.",
  showAll: "Show everyone",
  choose: "Choose a person to see their account here.",
  gone: "There is no such account.",
  back: "Back to list",
  detail: "Account",

  invite: "Invite",
  inviteTitle: "Invite a person",
  inviteButton: "Send the invitation",
  bringIn: "Invite a list",
  cancel: "Cancel",
  name: "Name",
  email: "E-mail address",
  newEmail: "New address",
  role: "Role",
  roleHint: "Teachers offer hours and hold meetings; staff works at the desk; administrators also change settings and accounts.",
  link: {
    title: (name) => `${name} is invited`,
    text: (email) =>
      `A mail with this link goes to ${email}. The link is shown only this once and opens the account for seven days.`,
    textKept: (email) =>
      `No mail server is set, so hand the link to ${email} yourself: it is shown only this once and opens the account for seven days.`,
    copy: "Copy the link",
    copied: "Link copied",
    done: "Done",
  },
  list: {
    title: "Invite a list of people",
    file: "CSV file",
    hint: "As spreadsheets save it, UTF-8, at most 1,000 people. The first line is: email,name,role. A role is student, teacher, staff or admin.",
    button: "Check and invite",
    choose: "Please choose a file.",
    fault: (line, message) => `${line.charAt(0).toUpperCase()}${line.slice(1)}: ${message}`,
    more: (n) => `${some(n, "more fault")} below.`,
    doneTitle: "The list is in",
    invited: (n) => (n ? `${people(n)} invited. The mails are on their way.` : "Nobody was new."),
    invitedKept: (n) =>
      n
        ? `${people(n)} invited. No mail server is set, so their mails wait in the outbox: once one is set, send there all that was kept. Until then, “Send the invitation again” beside a name shows a link to hand over.`
        : "Nobody was new.",
    known: (n) => `${people(n)} had an account already and stay as they are:`,
    done: "Done",
  },

  you: "you",
  since: "Account since",
  invitedOn: "Invited",
  twoFactor: "Second factor",
  twoFactorOn: "Set up",
  twoFactorOff: "None",
  status: "Status",
  edit: "Name and role",
  save: "Save changes",
  saved: "Saved",
  demoteSelf: "Give up being an administrator? You can then no longer open this page.",
  goOn: "Yes, change it",

  access: "Access",
  inviteAgain: "Send the invitation again",
  correctAddress: "Correct the address",
  correctButton: "Save the address",
  correctHints: {
    invited: "A new invitation goes there. The link sent to the old address ends.",
    unconfirmed: "A link to choose a password goes there. The one sent to the old address ends.",
    active:
      "We send a link there and a note to the old address. The old one holds until the link is opened.",
  },
  addressSent: (email) => `We have written to ${email}`,
  addressKept: "No mail server is set: the link waits in the outbox",
  pending: (email) => `${email}, not confirmed yet`,
  newPassword: "Make a new password",
  newPasswordHint:
    "A password made here is for someone who stands before you. It is shown once, and the old one ends.",
  newPasswordSure: (name) => `Make a new password for ${name}? Their sign-ins end.`,
  openSure: (name) =>
    `Make a password for ${name}? The account opens at once; the link in the mail ends.`,
  makePassword: "Make a password",
  passwordOf: (name) => `Password for ${name}`,
  signOut: "Sign out everywhere",
  signOutSure: (name) => `End every sign-in of ${name}, on all devices?`,
  signedOut: (name) => `${name} is signed out everywhere`,
  removeFactors: "Remove second factors",
  removeFactorsSure: (name) =>
    `Remove the authenticator app, passkeys and recovery codes of ${name}? Be sure that it is they who ask. Their sign-ins end.`,
  factorsRemoved: (name) => `${name} can sign in with the password alone`,
  disable: "Disable",
  disableSure: (name) =>
    `Disable the account of ${name}? They are signed out and can no longer sign in. What they wrote stays.`,
  disabled: (name) => `${name} can no longer sign in`,
  enable: "Enable",
  enabled: (name) => `${name} can sign in again`,
  isDisabled: "This account is disabled: nobody can sign in with it.",
  isInvited: "This person has not accepted the invitation yet.",
  isUnconfirmed: "This person signed up and has not confirmed the e-mail address yet.",
  erasedEmail: "Erased",
  isClosed: "This account was closed by its owner. Nothing personal is left of it.",
};
