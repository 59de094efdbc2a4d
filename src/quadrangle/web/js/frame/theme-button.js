import { announce, h } from "../base/dom.js";
import { store, stored } from "../base/storage.js";
import { icon } from "../parts/icons.js";
import { texts as words } from "./texts.js";

const THEMES = ["auto", "light", "dark"];
const ICONS = { auto: "sun-moon", light: "sun", dark: "moon" };

function currentTheme() {
  const theme = stored("theme");
  return THEMES.includes(theme) ? theme : "auto";
}

/** A button that goes round the themes; what draws its own colours hears "themechange". */
export function themeButton(className) {
  const button = h("button", { type: "button", class: className });
  const show = () => {
    const theme = currentTheme();
    button.replaceChildren(icon(ICONS[theme]), h("span", {}, words.theme));
    button.setAttribute("aria-label", words.themeIs(words.themes[theme]));
    button.title = words.themeIs(words.themes[theme]);
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length];
    store("theme", next === "auto" ? null : next);
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    announce(words.themeIs(words.themes[next]));
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  document.addEventListener("themechange", show);
  show();
  return button;
}
