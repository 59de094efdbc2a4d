// The issues this page knows. Whatever shows one listens to "issue" and gets every newer version.
export class IssueStore extends EventTarget {
  #issues = new Map();

  get(issueId) {
    return this.#issues.get(issueId);
  }

  // An answer that was on its way while a newer one came in must not undo it.
  put(issue) {
    const known = this.#issues.get(issue.issueId);
    if (known && known.version > issue.version) return known;
    this.#issues.set(issue.issueId, issue);
    // The name of an assignee may change without the issue moving on.
    if (!known || known.version < issue.version || known.assigneeName !== issue.assigneeName) {
      this.dispatchEvent(new CustomEvent("issue", { detail: issue }));
    }
    return issue;
  }
}
