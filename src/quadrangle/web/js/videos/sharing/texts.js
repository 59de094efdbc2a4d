export const texts = {
  people: "People",
  peopleHint: "The address of somebody with an account here.",
  add: "Add",
  named: "People named",
  nobody: "Nobody is named yet.",
  remove: (who) => `Take ${who} off`,
  added: (who) => `${who} is added.`,
  removed: (who) => `${who} is taken off.`,
  noAddress: "Please enter an address such as name@campus.example.",
  courses: "Courses",
  noCourses: "You have no course yet.",
  failed: (why) => `Whom it is shared with could not be loaded. ${why}`,
};
