import { some } from "../../base/texts.js";

export const texts = {
  people: "People",
  peopleHint: "The address of somebody with an account here; several can be pasted at once.",
  add: "Add",
  named: "People named",
  nobody: "Nobody is named yet.",
  remove: (who) => `Take ${who} off`,
  added: (who) => `${who} is added.`,
  addedSome: (n) => `${some(n, "address is", "addresses are")} added.`,
  removed: (who) => `${who} is taken off.`,
  noAddress: "Please enter an address such as name@campus.example.",
  courses: "Courses",
  noCourses: "You have no course yet.",
  disabled: (n) => `${some(n, "more person stays", "more people stay")} named whose account is disabled.`,
  stale: (what) => `Somebody changed this meanwhile: ${what} What you chose is kept with it. Please look, and save again.`,
  gained: (names) => `added ${names}.`,
  lost: (names) => `taken off ${names}.`,
  failed: (why) => `Whom it is shared with could not be loaded. ${why}`,
};
