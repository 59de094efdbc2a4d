import { h } from "../../base/dom.js";
import { store, stored } from "../../base/storage.js";
import { texts as common } from "../texts.js";
import { statusIcon } from "../badges.js";
import { texts } from "./texts.js";

const SETTING = "single-keys";
const STATUS_KEYS = { o: "OPEN", p: "IN_PROGRESS", r: "RESOLVED" };
const SECOND_KEY_MS = 4_000;
const TYPING =
  'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]';

// Single keys for people who work through many reports. They can be turned off, as speech input
// would trigger them.
export function shortcuts(commands) {
  const prompt = statusPrompt((status) => choose(status));
  let enabled = stored(SETTING, true);
  let awaiting = 0;

  function endPrompt() {
    clearTimeout(awaiting);
    awaiting = 0;
    prompt.hidePopover();
  }

  function choose(status) {
    endPrompt();
    commands.status(status);
  }

  function startPrompt() {
    if (!commands.hasTarget()) return;
    prompt.showPopover();
    awaiting = setTimeout(endPrompt, SECOND_KEY_MS);
  }

  const single = {
    j: () => commands.move(1),
    k: () => commands.move(-1),
    x: commands.select,
    a: commands.assign,
    z: commands.undo,
    n: commands.reveal,
    s: startPrompt,
    "/": commands.search,
    "?": commands.help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const typing = event.target.closest?.(TYPING);
    if (
      event.key === "Escape" &&
      !document.querySelector("dialog[open], [role=menu]:popover-open")
    ) {
      if (awaiting) endPrompt();
      else if (typing) typing.blur();
      else commands.escape();
      return;
    }
    if (!enabled || typing || document.querySelector("dialog[open]")) return;
    const action =
      awaiting && STATUS_KEYS[event.key] ? () => choose(STATUS_KEYS[event.key]) : single[event.key];
    if (awaiting && event.key !== "s") endPrompt();
    if (!action) return;
    event.preventDefault();
    action();
  });

  return {
    get enabled() {
      return enabled;
    },
    set enabled(on) {
      enabled = on;
      store(SETTING, on ? null : false);
    },
  };
}

function statusPrompt(onPick) {
  const choices = Object.entries(STATUS_KEYS).map(([key, status]) => {
    const button = h(
      "button",
      { type: "button", class: "button", tabindex: "-1" },
      statusIcon(status),
      common.status[status],
      h("kbd", {}, key),
    );
    button.addEventListener("click", () => onPick(status));
    return button;
  });
  const box = h(
    "div",
    {
      class: "status-prompt",
      popover: "manual",
      role: "group",
      "aria-label": texts.shortcuts.statusPrompt,
    },
    choices,
  );
  document.body.append(box);
  return box;
}
