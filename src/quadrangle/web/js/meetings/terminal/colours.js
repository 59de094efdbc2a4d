const NAMES = {
  background: "--surface-raised",
  foreground: "--ink",
  cursor: "--action",
  cursorAccent: "--surface-raised",
  selectionBackground: "--action-soft",
  red: "--urgent",
  green: "--done",
  yellow: "--progress",
  brightRed: "--urgent",
  brightGreen: "--done",
  brightYellow: "--progress",
};

/** The page's colours as xterm.js wants them, as they are on `element` now. */
export function coloursOf(element) {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const colours = {};
  for (const [name, variable] of Object.entries(NAMES)) {
    probe.style.color = `var(${variable})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** Call `onChange` when the page changes to its other theme. Returns a function that ends it. */
export function onThemeChange(onChange) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", onChange);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", onChange);
  };
}
