// The words of what staff sees of the making of videos.

import { count } from "../../base/texts.js";

export const texts = {
  title: "Video processing",
  lead: (slots) =>
    slots === 1
      ? "One video is made at a time. Owners take turns, so nobody's first video waits behind all of another's."
      : `${count(slots)} videos are made at a time. Owners take turns, so nobody's first video waits behind all of another's.`,
  back: "All videos",
  updated: "The lists have changed.",
  hidden: "A video that is not for you to see",
  numbered: (id) => `No. ${id}`,
  running: { title: "Being made", none: "Nothing is being made." },
  waiting: {
    title: (n) => (n ? `Waiting (${count(n)})` : "Waiting"),
    none: "Nothing waits.",
    turn: (n) => (n === 1 ? "next" : `turn ${count(n)}`),
  },
  failed: {
    title: (n) => (n ? `Failed (${count(n)})` : "Failed"),
    none: "Nothing has failed.",
    retry: "Try again",
    retryOf: (name) => `Try again: ${name}`,
    retried: "It waits for its turn again.",
    all: "Try all again that may go well",
    allDone: (n) => (n ? `${count(n)} wait for their turns again.` : "None of them would go well by itself."),
    again: "It would probably fail again.",
  },
  takenDown: {
    title: (n) => (n ? `Taken down (${count(n)})` : "Taken down"),
    none: "Nothing is taken down.",
    giveBackOf: (name) => `Give it back: ${name}`,
  },
  more: (n) => `and ${count(n)} more`,
  since: { running: "begun", waiting: "uploaded", failed: "failed", takenDown: "taken down" },
  tries: (n) => `try ${count(n)}`,
  againAt: "tried again",
};
