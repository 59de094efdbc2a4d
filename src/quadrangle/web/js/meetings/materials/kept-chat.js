import { append, h } from "../../base/dom.js";
import { exact } from "../../base/time.js";
import { chatEntry } from "../room/chat-entry.js";
import { part } from "./part.js";
import { texts } from "./texts.js";

const words = texts.keptChat;

async function everything(calls) {
  const found = [];
  let after = 0;
  do {
    const page = await calls.chat(after);
    found.push(...page.messages);
    after = page.after;
  } while (after !== null);
  return found;
}

/** What was typed in the room, for the two people of a meeting that is over, as long as it is
 * kept: an element that is hidden where there is nothing. */
export function keptChatPart({ role, keptUntil, mayFetch }, names, calls) {
  const list = h("ol", { role: "list", class: "chat-list chat-kept", tabindex: "0", "aria-label": words.list });
  const element = part(words.title, list, keptUntil && h("p", { class: "soft" }, words.kept(exact(keptUntil))));
  element.hidden = true;
  if (keptUntil && mayFetch) {
    everything(calls).then((messages) => {
      element.hidden = messages.length === 0;
      append(list, messages.map((message) => chatEntry(message, role, names)));
    }, () => {});
  }
  return element;
}
