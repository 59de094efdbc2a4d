import { some } from "../base/texts.js";

export const texts = {
  deadLetters: {
    title: "Dead letters",
    hint: "Work that failed every attempt and waits for a person.",
    none: "No work has failed for good.",
    toDesk: "Go to the desk",
    failedAt: "Failed",
    attempts: (n) => (n ? some(n, "attempt") : "Not tried yet"),
    payload: "Payload",
    requeue: "Queue again",
    requeued: "Queued again",
    remove: "Delete",
    removeSure: "Delete this job for good? What it should have done will not happen.",
    keep: "Keep it",
    removed: "Deleted",
  },

  notFound: {
    title: "Nothing is here",
    text: "The address may be mistyped, or the page has moved.",
    home: "Go to the start page",
  },

  apiDocs: {
    title: "The HTTP API",
    lead: "Every call, to read and to try. For machines:",
    missing: "The browsable description is not installed here. For machines:",
    calls: "Calls",
  },
};
