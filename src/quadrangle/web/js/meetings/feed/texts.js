// The words of the calendar address, in one place.

export const texts = {
  title: "In my calendar",
  lead: "A secret address brings your meetings into the calendar you use, and keeps them true there.",
  signInFirst: "Sign in to have your meetings in your calendar.",
  mine: "My meetings",
  none: "You have no calendar address yet.",
  since: "You have had an address since",
  lost: "It is shown only when it is made. If you need it again, make a new one.",
  make: "Make an address",
  renew: "Make a new address",
  renewSure: "Make a new address? Calendars that have the earlier one get no more news.",
  keep: "Keep the earlier one",
  end: "End the address",
  endSure: "End the address? Calendars that have it get no more news.",
  ended: "The address has ended.",
  yours: "Your calendar address",
  once: "It is shown only now. Whoever has it can read when you meet whom: give it to your calendar only.",
  how: "In your calendar choose “Add calendar by URL” (or “Subscribe”), and paste the address there.",
  copy: "Copy the address",
  copied: "The address is copied.",
  open: "Open in my calendar",
};
