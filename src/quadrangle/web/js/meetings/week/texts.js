// The words of a week as a calendar, in one place.

export const texts = {
  title: "My week",
  lead: "Your meetings, and the hours you offer.",
  signInFirst: "Sign in to see your week.",
  needsAccount: "Meetings belong to accounts. Sign in with yours to see your week.",
  mine: "My meetings",
  weeks: "Weeks",
  before: "Previous week",
  after: "Next week",
  now: "This week",
  of: (first, last) => `${first} – ${last}`,
  nothing: "Nothing on this day.",
  free: "Offered",
  none: "No meeting in this week.",
  hours: "My hours",
};
