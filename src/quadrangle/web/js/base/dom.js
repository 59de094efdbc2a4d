const SVG = "http://www.w3.org/2000/svg";

function put(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") element.setAttribute("class", value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "on") {
    for (const [event, listener] of Object.entries(value)) {
      element.addEventListener(event, listener);
    }
  } else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Add nodes and texts; nothing and false are skipped, lists are spread. */
export function append(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === true) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Make an element. Strings among the children become text, never markup. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  append(element, ...children);
  for (const [name, value] of Object.entries(props ?? {})) put(element, name, value);
  return element;
}

/** Make an SVG element. */
export function s(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {})) put(element, name, value);
  return append(element, ...children);
}

export function clear(element) {
  element.replaceChildren();
  return element;
}

let region;

/** Tell people who listen to the page, politely. */
export function announce(text) {
  if (!region) {
    region = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  region.textContent = "";
  // A region that is filled in the same turn it was made or emptied is not read.
  setTimeout(() => {
    region.textContent = text;
  }, 100);
}

/** Call `work` once, `ms` after the last call. `.flush()` runs a waiting call at once. */
export function debounced(work, ms) {
  let timer = 0;
  let waiting = null;
  const run = () => {
    clearTimeout(timer);
    const call = waiting;
    waiting = null;
    if (call) work(...call);
  };
  const later = (...values) => {
    waiting = values;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  later.flush = run;
  return later;
}
