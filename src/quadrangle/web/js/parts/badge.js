import { h } from "../base/dom.js";
import { icon } from "./icons.js";

/**
 * How something stands, in one word; with an icon, as colour alone tells not everyone. `tone`:
 * "progress", "done", "urgent" or "quiet".
 */
export function badge(word, { iconName, tone, dataset } = {}) {
  const className = tone ? `badge ${tone}` : "badge";
  return h("span", { class: className, dataset }, iconName && icon(iconName), word);
}
