import { priorityBadge, statusIcon } from "../badges.js";
import { announce, h } from "../../base/dom.js";
import { iconButton } from "../../parts/icon-button.js";
import { icon } from "../../parts/icons.js";
import { texts as common } from "../texts.js";
import { menuButton } from "../../parts/overlays/menu-button.js";
import { texts } from "./texts.js";

const words = texts.desk;

// What can be done with all selected issues at once.
export function bulkBar({ root, all, selection, list, actions, staff, account }) {
  const count = h("p", { class: "bulk-count" });
  const run = (patch) => actions.apply(selection.ids, patch);
  const byKeys = (of, mark) =>
    Object.entries(of).map(([value, label]) => ({ value, label, mark: mark(value) }));

  const status = menuButton({
    label: words.setStatus,
    items: () => byKeys(common.status, statusIcon),
    onPick: (value) => run({ status: value }),
  });
  const assignee = menuButton({
    label: words.assign,
    items: () => [
      { value: null, label: words.nobody, mark: icon("minus") },
      ...staff
        .filter((person) => person.active)
        .map(({ accountId, name }) => ({
          value: accountId,
          label: accountId === account.accountId ? words.me(name) : name,
          mark: icon("user-round"),
        })),
    ],
    onPick: (value) => run({ assigneeId: value }),
  });
  const priority = menuButton({
    label: words.setPriority,
    items: () => byKeys(common.priority, (value) => priorityBadge(value).firstChild),
    onPick: (value) => run({ priority: value }),
  });
  const stop = iconButton("x", words.clearSelection);
  stop.addEventListener("click", () => {
    selection.clear();
    all.focus();
  });
  root.append(count, h("div", { class: "bulk-actions" }, status, assignee, priority, stop));

  all.addEventListener("change", () => {
    const ids = list.ids;
    if (!all.checked) selection.clear();
    else for (const id of ids) if (!selection.has(id)) selection.toggle(id, true);
  });

  function show() {
    const { size } = selection;
    root.hidden = size === 0;
    root.parentElement.classList.toggle("selecting", size > 0);
    all.checked = size > 0 && list.ids.every((id) => selection.has(id));
    all.indeterminate = size > 0 && !all.checked;
    const text = words.selected(size);
    if (size && count.textContent !== text) announce(text);
    count.textContent = text;
  }

  selection.addEventListener("change", show);
  list.addEventListener("loaded", show);
  show();
}
