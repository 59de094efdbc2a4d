import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { texts } from "../texts.js";

const words = texts.room.chat;

/** One message of a chat, as the side `role` reads it. */
export function chatEntry({ role: sender, data, at }, role, names) {
  const mine = sender === role;
  return h(
    "li",
    { class: "chat-entry", dataset: { mine: String(mine) } },
    h(
      "span",
      { class: "chat-who" },
      h("b", { dir: "auto" }, mine ? words.you : names[sender]),
      timeElement(at),
    ),
    h("span", { class: "chat-text", dir: "auto" }, data),
  );
}
