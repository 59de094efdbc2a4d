import { texts as common } from "../../texts.js";
import { texts } from "../texts.js";

const words = texts.history;

function shown(field, value) {
  if (field === "status") return common.status[value] ?? value;
  if (field === "priority") return common.priority[value] ?? value;
  return value;
}

// The end of a sentence that starts with who did it: "changed the status from Open to Resolved".
export function sentenceOf({ kind, field, old, new: now }) {
  if (kind === "issue.assigned") return words.assigned(old, now);
  if (kind === "issue.linked") return words.linked(now);
  if (field) {
    return old === null
      ? words.set(field, shown(field, now))
      : words.changed(field, shown(field, old), shown(field, now));
  }
  return words[kind]?.() ?? words.other(kind);
}
