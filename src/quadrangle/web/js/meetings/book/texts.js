// The words of taking an hour, in one place.

export const texts = {
  title: "Book an hour",
  lead: "Choose a teacher, then an hour that suits you.",
  signInFirst: "Sign in to book an hour with a teacher.",
  needsAccount: "Hours are booked by accounts. Sign in with yours to book one.",
  teachers: "Teachers with open hours",
  noTeachers: "No teacher offers hours just now.",
  mine: "My meetings",
  next: (time) => `Next open hour: ${time}`,
  noNext: "No hour is open just now",
  minutes: (n) => `${n} minutes`,
  workspaces: { desktop: "Desktop", terminal: "Web terminal" },
  see: (name) => `See the hours of ${name}`,

  hours: {
    title: (name) => `Hours with ${name}`,
    moveTitle: (name) => `Another hour with ${name}`,
    now: (time) => `Your meeting is at ${time}.`,
    length: (n) => `Each lasts ${n} minutes.`,
    zones: (yours, name, theirs) => `The large time is yours (${yours}), the small one that of ${name} (${theirs}).`,
    zone: (yours) => `Times are in ${yours}.`,
    theirs: (time) => `${time} there`,
    none: (n) => `No hour is open in the next ${n} days.`,
    all: "All teachers",
    further: "Look further ahead",
    moreDays: "Show more days",
    take: (day, time) => `${day}, ${time}`,
  },

  confirm: {
    title: "Book this hour?",
    moveTitle: "Move the meeting to this hour?",
    with: "With",
    when: "For you",
    theirs: (name) => `For ${name}`,
    length: "Length",
    workspaceTerm: "Workspace",
    workspace: "What do you want for the hour?",
    workspaceNames: {
      desktop: "A desktop",
      terminal: "A web terminal: lighter, good on a phone",
    },
    rules: (move, cancel) =>
      move === cancel
        ? `You can move or cancel it until ${move}.`
        : `You can move it until ${move} and cancel it until ${cancel}.`,
    final: "This hour is final: it is too near to be moved or cancelled once you have taken it.",
    onlyMoves: (move) => `You can move it until ${move}. It is too near to be cancelled.`,
    onlyCancels: (cancel) => `You can cancel it until ${cancel}. It is too near to be moved.`,
    span: (minutes) => {
      if (!minutes) return "it begins";
      const [n, unit] =
        minutes % 1440 === 0
          ? [minutes / 1440, "day"]
          : minutes % 60 === 0
            ? [minutes / 60, "hour"]
            : [minutes, "minute"];
      return `${n} ${n === 1 ? unit : `${unit}s`} before`;
    },
    go: "Book this hour",
    move: "Move to this hour",
    other: "Choose another hour",
    taken: "Somebody else has just taken this hour. These are still open.",
    refused: (why) => `This could not be done. ${why}`,
  },

  done: {
    title: "The hour is yours",
    movedTitle: "The meeting has moved",
    when: (name, time) => `With ${name}, ${time}.`,
    next: "What happens next",
    steps: (workspace) => [
      ["Both of you get a mail with the invitation.", "It stands among the meetings of both of you. No mails are sent here."],
      `Ten minutes before, your ${workspace === "terminal" ? "web terminal" : "desktop"} starts by itself.`,
      [
        "Open the meeting from here, from your mail or from your calendar.",
        "Open the meeting from here, or from your calendar once you put it there.",
      ],
    ],
    open: "Open the meeting",
    calendar: "Put it into my calendar",
    change: "Move or cancel",
    mine: "My meetings",
  },
};
