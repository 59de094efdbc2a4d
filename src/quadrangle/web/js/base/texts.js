// How numbers stand in words, and the words of what every page does: calls and times.

export const count = (n) => n.toLocaleString("en");
export const some = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export const texts = {
  time: {
    justNow: "just now",
    soon: "in a moment",
    unknown: "at an unknown time",
    minutes: (n) => `${n} min`,
    hours: (n) => `${n} h`,
    days: (n) => some(n, "day"),
    ago: (span) => `${span} ago`,
    ahead: (span) => `in ${span}`,
  },

  api: {
    offline: "You are offline.",
    unreachable: "The server cannot be reached.",
    strange: "The server sent an answer that cannot be read.",
    failed: (status) => `The server could not do this (${status}).`,
    ended: "Your sign-in has ended. Please sign in again.",
  },
};
