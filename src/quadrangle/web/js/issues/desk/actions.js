import { texts as common } from "../texts.js";
import { toast, undoLast } from "../../parts/overlays/toast.js";
import { changeMany, differing } from "./changes.js";
import { sentenceOf } from "./detail/history-words.js";
import { texts } from "./texts.js";

const words = texts.changes;

// What a change is called in the message that tells of it.
function said(patch, staffName) {
  const [[field, value]] = Object.entries(patch);
  if (field === "status") return words.status(common.status[value]);
  if (field === "priority") return words.priority(common.priority[value]);
  if (field === "assigneeId") return words.assigneeId(value && staffName(value));
  if (field === "duplicateOf") return value ? words.linked : words.unlinked;
  return words[field](value);
}

export function conflictText({ theirs, fields }) {
  if (theirs) return words.conflict(theirs.actorName, sentenceOf(theirs));
  return words.conflictUnknown(texts.fieldWords[fields?.[0]] ?? "report");
}

// Changes issues for whoever is at the desk: saves, tells, offers the way back.
export class Actions extends EventTarget {
  #settled = null;

  constructor({ store, staffName, account }) {
    super();
    this.store = store;
    this.staffName = staffName;
    this.account = account;
  }

  // Returns the result of changeMany. Each conflict is offered as "conflict" to who shows the issue.
  apply(issueIds, patch) {
    this.#settled = this.#apply(issueIds, patch);
    return this.#settled;
  }

  // Whoever is quick may want a change back before its answer is there.
  async undo() {
    await this.#settled;
    await undoLast();
  }

  async #apply(issueIds, patch) {
    const issues = issueIds.map((id) => this.store.get(id)).filter(Boolean);
    const patchOf = (issue) => differing(issue, patch);
    if (!issues.some(patchOf)) {
      toast(words.nothing);
      return { done: [], conflicts: [], failed: [] };
    }
    const result = await changeMany(issues, patchOf, (issue) => this.store.put(issue));
    this.#tell(result, said(patch, this.staffName));
    return result;
  }

  assignToMe(issueIds) {
    if (this.account.accountId) return this.apply(issueIds, { assigneeId: this.account.accountId });
    toast(words.noAccount);
    return null;
  }

  #tell({ done, conflicts, failed }, what) {
    const parts = [];
    if (done.length) parts.push(words.done(done.length, what));
    // Where the issue is open, the conflict is told beside it.
    const untold = conflicts.filter((conflict) =>
      this.dispatchEvent(new CustomEvent("conflict", { detail: conflict, cancelable: true })),
    );
    if (untold.length === 1 && !done.length) parts.push(conflictText(untold[0]));
    else if (untold.length) parts.push(words.conflicts(untold.length));
    if (failed.length) {
      const { message } = failed[0].error;
      parts.push(
        done.length + failed.length > 1 ? words.failedSome(failed.length, message) : message,
      );
    }
    if (parts.length)
      toast(parts.map(sentence).join(" "), done.length ? () => this.#undo(done) : null);
    this.dispatchEvent(new Event("changed"));
  }

  async #undo(done) {
    const restores = new Map(done.map(({ issue, restore }) => [issue.issueId, restore]));
    const issues = done.map(({ issue }) => issue);
    const result = await changeMany(
      issues,
      (issue) => restores.get(issue.issueId),
      (issue) => this.store.put(issue),
    );
    const parts = [];
    if (result.done.length) parts.push(words.undone(result.done.length));
    if (result.conflicts.length) parts.push(words.conflicts(result.conflicts.length));
    if (result.failed.length)
      parts.push(words.failedSome(result.failed.length, result.failed[0].error.message));
    toast(parts.map(sentence).join(" "));
    this.dispatchEvent(new Event("changed"));
  }
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
