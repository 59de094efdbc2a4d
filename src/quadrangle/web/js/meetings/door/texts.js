// The words of the start page's way to meetings.

export const texts = {
  title: "Meet",
  anyone: "Tutoring with a desktop for each of you and a video room.",
  signedOut: "Open Meet",
  none: "No meeting is coming up.",
  staff: "Look after the desktops of meetings, or schedule a meeting for two others.",
  operation: "See what runs",
  schedule: "Schedule a meeting",
  book: "Book an hour",
  hours: "My hours",
  mine: "My meetings",
  open: "Open the meeting",
  with: (name) => `With ${name}`,
};
