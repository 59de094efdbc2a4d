import { h } from "../../base/dom.js";
import { tabs } from "../../parts/tabs.js";
import { texts as words } from "./texts.js";

const WIDE = "(min-width: 72rem)";

/**
 * What stands beside the picture. Where there is room, what the video is about stands below the
 * picture and the other panels share a column, by tabs if there are several; else all are tabs.
 * `add(item)` brings one more `{name, label, panel}`.
 */
export function sides(page, about) {
  const wide = matchMedia(WIDE);
  const side = h("div", { class: "watch-side" });
  const items = [{ name: "about", label: words.about, panel: about }];
  let shown = null;
  let bar = null;
  page.append(side);

  function arrange() {
    bar?.remove();
    const offered = wide.matches ? items.slice(1) : items;
    const chosen = offered.some((one) => one.name === shown) ? shown : offered[0].name;
    bar = tabs({
      label: words.tabs,
      items: offered,
      chosen,
      onChange: (name) => (shown = name),
    }).bar;
    if (wide.matches) {
      about.hidden = false;
      about.removeAttribute("role");
      about.removeAttribute("aria-labelledby");
      side.prepend(bar);
    } else page.querySelector(".watch-main").after(bar);
  }

  wide.addEventListener("change", () => items.length > 1 && arrange());
  return {
    add(item) {
      if (items.some((one) => one.name === item.name)) return;
      items.push(item);
      side.append(item.panel);
      page.classList.add("with-side");
      arrange();
    },
  };
}
