// The words of the start page's way to meetings.

export const texts = {
  title: "Meet",
  anyone: "Tutoring with a desktop for each of you and a video room.",
  signedOut: "Open Meet",
  none: "No meeting is coming up.",
  staff: "See which desktops run for meetings, or schedule a meeting for two others.",
  operation: "Desktops",
  schedule: "Schedule a meeting",
  book: "Book an hour",
  hours: "My hours",
  mine: "My meetings",
  open: "Open the meeting",
  with: (name) => `With ${name}`,
};
