import { api } from "../../../base/api.js";
import { clear, h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { statusBadge } from "../../badges.js";
import { timeElement } from "../../../base/time.js";
import { toSearch } from "../address.js";
import { duplicateDialog } from "./duplicate-dialog.js";
import { texts } from "../texts.js";

const words = texts.duplicates;

// The links of an issue: the original it repeats, or the reports that repeat it.
export function duplicatesPart(thread, { actions, store, state, open }) {
  const { issueId } = thread.issue;
  const body = h("div", { class: "links" });
  // What was pressed is gone after the change; the focus goes to what took its place.
  let refocus = false;

  function linkTo(issue) {
    const link = h(
      "a",
      { href: `/desk${toSearch({ ...state(), issue: issue.issueId })}`, class: "issue-link" },
      h("span", {}, texts.desk.rowTitle(issue)),
      h("span", { class: "issue-link-text", dir: "auto" }, issue.description),
      h(
        "span",
        { class: "issue-link-marks" },
        statusBadge(issue.status),
        timeElement(issue.createdAt),
      ),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(issue.issueId);
    });
    return link;
  }

  function unlinkButton(issue) {
    const label = words.unlinkOf(texts.desk.rowTitle(issue));
    const button = h(
      "button",
      { type: "button", class: "button quiet", "aria-label": label },
      words.unlink,
    );
    button.addEventListener("click", () => {
      store.put(issue);
      refocus = true;
      actions.apply([issue.issueId], { duplicateOf: null });
    });
    return button;
  }

  function chooseButton(issue, label) {
    const button = h("button", { type: "button", class: "button quiet" }, icon("copy"), label);
    button.addEventListener("click", () =>
      duplicateDialog(issue, (original) => {
        refocus = true;
        actions.apply([issueId], { duplicateOf: original.issueId });
      }),
    );
    return button;
  }

  async function original(id) {
    return store.get(id) ?? store.put((await api.get(`/api/issues/${id}`)).issue);
  }

  async function draw(issue, duplicates) {
    if (issue.duplicateOf) {
      const first = await original(issue.duplicateOf);
      clear(body).append(
        h("p", {}, words.isOf),
        linkTo(first),
        h("div", { class: "row" }, unlinkButton(issue), chooseButton(issue, words.change)),
      );
    } else if (duplicates.length) {
      const items = duplicates.map((each) => h("li", {}, linkTo(each), unlinkButton(each)));
      clear(body).append(
        h("p", {}, words.has(duplicates.length)),
        h("ul", { role: "list", class: "linked" }, items),
        h("p", { class: "soft small" }, words.hasOwn),
      );
    } else {
      clear(body).append(chooseButton(issue, words.link));
    }
  }

  let drawn = "";
  async function update({ issue, duplicates }) {
    if (!duplicates) return;
    const shape = JSON.stringify([
      issue.duplicateOf,
      duplicates.map((each) => [each.issueId, each.status]),
    ]);
    if (shape === drawn) return;
    drawn = shape;
    try {
      await draw(issue, duplicates);
      if (refocus) body.querySelector("a, button")?.focus();
      refocus = false;
    } catch (error) {
      drawn = "";
      clear(body).append(h("p", { class: "soft" }, error.message));
    }
  }

  update(thread);
  const element = h(
    "section",
    { class: "detail-links", "aria-labelledby": "links-title" },
    h("h3", { id: "links-title" }, words.title),
    body,
  );
  return { element, update };
}
