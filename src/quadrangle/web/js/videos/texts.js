import { count, some } from "../base/texts.js";

// What several pages of videos say.

export const texts = {
  status: {
    uploaded: "Waiting",
    processing: "Being made",
    ready: "Ready",
    failed: "Failed",
  },

  visibility: {
    private: "Private",
    shared: "People and courses",
    campus: "Campus",
    unlisted: "With the link",
    public: "Public",
  },
  visibilityHint: {
    private: "Only you see it.",
    shared: "The people you name see it, and whoever sees a course it is in.",
    campus: "Whoever is signed in sees it.",
    unlisted: "Whoever has its link sees it. It is on no list.",
    public: "Everybody sees it.",
  },
  whoSees: "Who sees it",
  takenDown: {
    word: "Taken down",
    lead: "Staff took this video down: only its owner and staff see it. Only staff can give it back.",
    why: "Why:",
    giveBack: "Give it back",
    given: "It is given back.",
  },
  title: "Title",
  description: "Description",

  progress: {
    waiting: "Waits for its turn.",
    made: (percent) => `${percent} % made.`,
    madeWithTime: (percent, time) => `${percent} % made, about ${time} left.`,
  },

  length: {
    seconds: (n) => `${n} s`,
    minutes: (n) => `${n} min`,
    hours: (n, rest) => (rest ? `${n} h ${rest} min` : `${n} h`),
    spoken: (hours, minutes, seconds) =>
      [
        hours && some(hours, "hour"),
        minutes && some(minutes, "minute"),
        (seconds || (!hours && !minutes)) && some(seconds, "second"),
      ]
        .filter(Boolean)
        .join(" "),
  },
  bytes: {
    few: (n) => some(n, "byte"),
    units: ["kB", "MB", "GB", "TB"],
    many: (n, unit) => `${n} ${unit}`,
  },
  views: (n) => (n ? some(n, "view") : "No views yet"),
  numbered: (n) => count(n),

  copyLink: "Copy the link",
  linkCopied: "The link is copied.",
  upload: "Upload",
  mine: "My videos",
  operation: "Processing",
  gallery: "Watch",
  all: "All videos",
  courses: "Courses",
};
