// Every word about files, recordings and what came of a meeting.

export const texts = {
  bytes: {
    kb: (n) => `${n} KB`,
    mb: (n) => `${n} MB`,
  },

  files: {
    title: "Files",
    teacherLead: "They lie in the folder Files on both desktops.",
    studentLead: "They lie in the folder Files on your desktop.",
    none: "No files yet.",
    add: "Add files",
    adding: (name) => `Sending ${name}`,
    added: (name) => `${name} is there.`,
    remove: (name) => `Remove ${name}`,
    removed: (name) => `${name} was removed.`,
    waits: "Waits for the desktops",
    lies: "On the desktops",
    liesOn: (name) => `On the desktop of ${name}`,
    failed: (name, why) => `${name} could not be added. ${why}`,
    tooLarge: (name, largest) => `${name} is larger than ${largest}.`,
    problem: (person, why) => `Not on the desktop of ${person}: ${why}`,
    list: "Files handed out",
  },

  recorder: {
    title: "Recording",
    begin: "Record",
    which: "Whose desktop is to be recorded? The other one has to agree first. The picture is filmed, without sound. Only the two of you get it; it is kept until one of you removes it.",
    own: "Mine",
    other: (name) => `The one of ${name}`,
    cancel: "Not now",
    asked: (who, whose) =>
      `${who} asks to record ${whose}. Its picture is filmed, without sound, until one of you stops it. Only the two of you get the film, and it is kept until one of you removes it. Do you agree?`,
    waiting: (who, whose) => `Waiting for ${who} to agree to a recording of ${whose}.`,
    agree: "Agree",
    refuse: "Do not record",
    takeBack: "Do not ask",
    starting: (whose) => `The recording of ${whose} is about to begin.`,
    running: (whose) => `Recording ${whose}`,
    stopping: "The recording is being ended.",
    stop: "Stop recording",
    yours: "your desktop",
    theirs: (name) => `the desktop of ${name}`,
    refused: "Nothing is recorded.",
    failed: (why) => `There is no recording. ${why}`,
    ready: "The recording has ended. Both of you find it here after the meeting.",
    broke: (why) => `The recording has ended. ${why}`,
  },

  takeHome: {
    title: "Take home",
    packing: "What lay in the folder Take home is being packed. This takes some seconds.",
    ready: (until) => `Kept until ${until}. Then it is removed.`,
    fetch: (size) => `Fetch the files (${size})`,
    fetchOf: (n, size) => `Fetch the files of desktop ${n} (${size})`,
    partial: "One of the desktops was lost, and with it what lay there.",
    empty: "Nothing lay in the folder Take home at the end.",
    lost: "The desktop was lost, and with it what lay in the folder Take home.",
    removed: "The files were kept for seven days and then removed.",
    notYours: "The two people of the meeting can fetch the files.",
  },

  keptFiles: {
    title: "Files of this meeting",
    fetch: "Fetch",
    fetchOf: (name) => `Fetch ${name}`,
    kept: (until) => `Kept until ${until}. Then they are removed.`,
  },

  keptChat: {
    title: "Chat",
    list: "What both of you typed",
    kept: (until) => `Kept until ${until}. Then it is removed.`,
  },

  films: {
    title: "Recordings",
    of: (name) => `Desktop of ${name}`,
    size: (begun, length, size) => `${begun}, ${length}, ${size}`,
    making: "It is being finished.",
    fetch: "Fetch",
    fetchOf: (name) => `Fetch the recording of the desktop of ${name}`,
    remove: "Remove",
    hint: "Whoever of you has an account finds it under Watch too; nobody else does.",
    removeSure: "Remove this recording for both of you, also under Watch? It cannot be brought back.",
    keep: "Keep it",
    gone: "The recording was removed.",
    wasRemoved: "Removed",
  },

  note: {
    title: "Note",
    label: "What came of it",
    hint: "Yours alone, unless you share it.",
    share: (name) => `Share it with ${name}`,
    save: "Save the note",
    saved: "The note is saved.",
    from: (name) => `From ${name}`,
  },

  attendance: {
    title: "Attendance",
    table: "Who was there, from when to when",
    who: "Who",
    when: "When",
    long: "How long",
    never: "Did not come",
    still: (from) => `since ${from}`,
    minutes: (n) => (n === 1 ? "1 minute" : `${n} minutes`),
    short: "Less than a minute",
  },

  reminders: {
    title: "Reminders of meetings",
    lead: "By mail, before each of your meetings.",
    day: "A day before",
    hour: "An hour before",
    saved: "Your reminders are saved.",
  },
};
