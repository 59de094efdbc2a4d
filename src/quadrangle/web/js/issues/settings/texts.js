import { some } from "../../base/texts.js";

export const texts = {
  title: "Settings",
  tabs: { campus: "Reports", staff: "Staff" },
  own: "Your own name, password and sign-ins are under",
  myAccount: "My account",
  forAdmins: "Only administrators can change the settings.",

  campusName: "Campus name",
  campusNameHint: "Shown on every page and in mails.",
  types: "Types",
  typesHint:
    "What a report can be about, in the order the form shows. Reports that exist keep the type they have.",
  typeName: "Name",
  typeNameOf: (n) => `Name of type ${n}`,
  targetHours: "Target, hours",
  targetOf: (n) => `Target of type ${n}, hours`,
  targetHint: "Within how many hours a report should be resolved. Empty: no target, never overdue.",
  wholeHours: "Please use whole hours.",
  addType: "Add a type",
  moveUp: (name) => `Move ${name} up`,
  moveDown: (name) => `Move ${name} down`,
  moved: (name, place, of) => `${name}: place ${place} of ${of}`,
  remove: (name) => `Remove ${name}`,
  removed: (name) => `${name} removed`,
  keysHint: "Alt and an arrow key move the type you are in.",
  unnamed: "the new type",

  locations: (n) => `Locations (${n})`,
  locationsHint: "Where something can be. Reporters choose from these, or type their own.",
  addLocation: "Add a location",
  add: "Add",
  filterLocations: "Find a location",
  noneFound: "No location has these words.",
  pasteMany: "Paste many",
  sort: "Sort A to Z",
  sorted: "Sorted",
  already: (name) => `${name} is in the list already.`,
  noLocations: "No location yet. Add the first one above.",
  paste: {
    title: "Paste locations",
    label: "One location on each line",
    summary: (fresh, known) => {
      const parts = [some(fresh, "new location")];
      if (known) parts.push(`${known} in the list already`);
      return parts.join(", ");
    },
    add: (n) => (n ? `Add ${some(n, "location")}` : "Add"),
    cancel: "Cancel",
    added: (n) => `${some(n, "location")} added. Save to keep them.`,
  },

  unsaved: "Changes are not saved yet.",
  save: "Save changes",
  discard: "Discard",
  discardSure: "Discard all changes you have not saved?",
  keepEditing: "Keep editing",
  saved: "Settings saved",
  savedTogether: "Saved, together with what someone else had changed in the meantime",
  clash: {
    title: "Someone else changed the same settings",
    text: (parts) =>
      `While you were editing, someone else saved changes to ${parts}. Nothing of yours is lost or saved yet.`,
    parts: { campusName: "the campus name", issueTypes: "the types", locations: "the locations" },
    now: "How it is saved now",
    mine: "Replace theirs with mine",
    theirs: "Take theirs, drop mine",
    and: " and ",
  },

  staff: "Staff",
  staffHint: "Who works at the desk, and everyone else with an account, is under People.",
  toPeople: "Go to people",
  cancel: "Cancel",

  pin: "Staff PIN",
  pinHint:
    "One PIN for everyone at the desk who has no account. Changes made with it show as “Staff”.",
  pinOff:
    "Nobody signs in with a PIN here: whoever runs this server has switched it off, or staff must have two factors.",
  setPin: "Set a new PIN",
  pinTitle: "Set a new staff PIN",
  pinLabel: "New PIN",
  pinFieldHint: "6 to 32 characters. Leave it empty to have one made.",
  pinWarning: "The present PIN stops working, and everyone who signed in with it is signed out.",

  newPin: "The new staff PIN",
};
