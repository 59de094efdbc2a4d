import { announce, h } from "../../base/dom.js";
import { icon } from "../../parts/icons.js";
import { texts } from "../texts.js";
import { chatEntry } from "./chat-entry.js";

const words = texts.room.chat;
const LONGEST = 2_000;
let made = 0;

/**
 * What both typed, and a line to type in. `onSend(text)` resolves to an error or null; `names` has
 * the name of each side; `onUnread(n)` hears how many messages came while it was not open.
 */
export function chatPanel({ role, names, onSend, onUnread }) {
  const id = `room-chat-${(made += 1)}`;
  const list = h("ol", {
    role: "list",
    class: "chat-list",
    tabindex: "0",
    "aria-label": words.list,
  });
  const empty = h("p", { class: "soft small chat-empty" }, words.empty);
  const input = h("input", {
    id,
    type: "text",
    class: "input",
    maxlength: LONGEST,
    dir: "auto",
    autocomplete: "off",
  });
  const failure = h("p", { class: "chat-failed", role: "alert", hidden: true });
  const send = h(
    "button",
    { class: "button icon-only", "aria-label": words.send, title: words.send },
    icon("send"),
  );
  const form = h(
    "form",
    { class: "chat-form" },
    h("label", { for: id, class: "visually-hidden" }, words.label),
    input,
    send,
  );
  const element = h(
    "section",
    { class: "room-chat", "aria-label": words.title, hidden: true },
    empty,
    list,
    failure,
    form,
  );
  let unread = 0;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    failure.hidden = true;
    const error = await onSend(text);
    if (!error) return;
    input.value ||= text;
    failure.textContent = words.failed(error.message);
    failure.hidden = false;
  });

  function mark(count) {
    unread = count;
    onUnread(unread);
  }

  return {
    element,
    add(message) {
      const { role: sender, data } = message;
      const mine = sender === role;
      const item = chatEntry(message, role, names);
      const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
      list.append(item);
      empty.hidden = true;
      if (atEnd || mine) list.scrollTop = list.scrollHeight;
      if (mine) return;
      announce(words.came(names[sender], data));
      if (element.hidden) mark(unread + 1);
    },
    setOpen(open) {
      element.hidden = !open;
      if (!open) return;
      mark(0);
      list.scrollTop = list.scrollHeight;
      input.focus();
    },
  };
}
