// The words of signing in and up, beside those in ../texts.js.

const waiting = (s) =>
  s > 90 ? `You can try again in ${Math.ceil(s / 60)} min.` : `You can try again in ${s} s.`;

const INVITED_AS = {
  student: "a student",
  teacher: "a teacher",
  staff: "staff",
  admin: "an administrator",
};

export const texts = {
  email: "E-mail",
  password: "Password",
  newPassword: "New password",
  newPasswordHint: "10 to 200 characters. A few words in a row are easy to remember.",
  name: "Your name",
  nameHint: "Others see it beside what you write.",
  show: "Show what is typed",
  noEmail: "Enter your e-mail address.",
  wrongEmail: "Enter an address such as name@example.org.",
  noPassword: "Enter your password.",
  noNewPassword: "Choose a password.",
  noName: "Enter your name.",
  wait: waiting,
  toSignIn: "Go to sign-in",
  tryAgain: "Try again",

  signIn: {
    title: "Sign in",
    noAccount: "Reporting needs no account.",
    ways: "Ways to sign in",
    withAccount: "E-mail and password",
    withPin: "Staff PIN",
    pin: "Staff PIN",
    pinHint: "Shared by the team; an administrator can tell or renew it.",
    button: "Sign in",
    noPin: "Enter the staff PIN.",
    forgot: "Forgot the password?",
    signUp: "Create an account",
    or: "or",
    passkey: "Sign in with a passkey",
    issuer: (name) => `Sign in with ${name}`,
    already: (name) => `You are signed in as ${name}.`,
    notFor: (name) =>
      `You are signed in as ${name}, and that page is for others. Sign in as somebody else below, or go on without it.`,
    goOn: "Go on",
    problemTitle: "That did not work",
    problems: {
      denied: "The sign-in was broken off at the other service. You can try again.",
      expired: "The sign-in took too long or was begun in another browser. Please try again.",
      "not-verified":
        "The other service has not verified your e-mail address. Have it verified there, then try again.",
      "unknown-account":
        "Nobody here has the address of that sign-in. An administrator can invite you.",
      disabled: "This account has been switched off. An administrator can tell you more.",
      "issuer-away": "The other service does not answer. Please try again later, or another way.",
    },
    problem: "The sign-in at the other service did not work. Please try again.",
  },

  code: {
    title: "Enter your code",
    label: "Code",
    none: "Enter the six digits your app shows.",
    useRecovery: "Use a recovery code instead",
    recovery: "Recovery code",
    recoveryHint: "One of the ten you kept when you set up two-factor sign-in. Each works once.",
    noRecovery: "Enter one of your recovery codes.",
    useApp: "Use the code from the app instead",
    back: "Start again",
    signingInAs: (email) => `Signing in as ${email}`,
  },

  passkey: {
    broken: "The passkey was not used. You can try again, or sign in another way.",
    failed: "Signing in with a passkey did not work",
  },

  noMail: {
    title: "No mail can be sent yet",
    text: "This server is not set up to send mail, so no link will reach you.",
    askPassword: "Ask an administrator, in person: they can make a new password for you.",
    forAdmins: "For administrators: People, “Make a new password”, or on the server ",
    command: "quadrangle user password name@example.org",
    askConfirm: "Ask an administrator: they can open your account and give you a password.",
  },

  signUp: {
    title: "Create an account",
    lead: "For meetings, videos, and reports with your name filled in. Reporting needs no account.",
    domains: (list) => `It must end in ${list.map((one) => `@${one}`).join(" or ")}.`,
    button: "Create the account",
    haveOne: "Have an account?",
    invitation: "Accounts are by invitation here",
    invitationText: "Ask an administrator to invite you. The invitation comes by mail.",
    closed: "Accounts are not opened here",
    closedText: "Your campus account signs you in, or an administrator sets you up.",
    sentTitle: "Look in your mail",
    sent: (email) => `We have written to ${email}. Open the link in that mail to go on.`,
    late: "Nothing there after some minutes? Look in the junk folder, or have it sent once more.",
    again: "Send it once more",
    sentAgain: "Sent once more.",
    other: "Use another address",
  },

  confirm: {
    title: "Confirm your address",
    lead: "One more click, and this address is yours here.",
    button: "Confirm the address",
    doneTitle: "Your address is confirmed",
    done: (email) => `${email} is confirmed.`,
    goneTitle: "This link is over",
    gone: "It was used already, or is too old. If you still need it, have a new one sent.",
    ask: "Send a new link",
    askTitle: "Have the mail sent once more",
    asked: "Look in your mail",
  },

  forgot: {
    title: "Forgot the password?",
    lead: "Tell us the address of your account. We send a link to choose a new password.",
    button: "Send the link",
    sentTitle: "Look in your mail",
    hour: "The link works for an hour.",
  },

  reset: {
    title: "Choose a new password",
    lead: "You are then signed out everywhere, and sign in with it.",
    button: "Save the password",
    doneTitle: "Your password is changed",
    done: "You are signed out everywhere. Sign in with the new one.",
    goneTitle: "This link is over",
    gone: "It was used already, or is older than an hour. You can ask for another.",
    ask: "Ask for another link",
  },

  invitation: {
    title: "Welcome",
    lead: (role) => `You are invited as ${INVITED_AS[role] ?? role}. Choose a password to begin.`,
    button: "Accept and sign in",
    goneTitle: "This invitation is over",
    gone: "It was accepted already, or is older than a week. Sign in, or ask whoever invited you for a new one.",
    noToken: "This page opens from the link in an invitation.",
  },
};
