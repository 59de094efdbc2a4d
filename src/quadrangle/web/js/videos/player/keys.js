const STEP_S = 5;
const LEAP_S = 10;
const LOUDER = 0.1;

/** What a key does in the player: a name and a value, or null. */
function meaning({ key, shiftKey }) {
  const seeks = { ArrowLeft: -STEP_S, ArrowRight: STEP_S, j: -LEAP_S, l: LEAP_S };
  const named = {
    " ": "toggle",
    k: "toggle",
    m: "mute",
    c: "captions",
    f: "fullScreen",
    p: "pictureInPicture",
  };
  const lower = key.length === 1 ? key.toLowerCase() : key;
  if (key === ">" || (shiftKey && key === ".")) return ["speed", 1];
  if (key === "<" || (shiftKey && key === ",")) return ["speed", -1];
  if (lower in seeks) return ["seek", seeks[lower]];
  if (key === "ArrowUp") return ["volume", LOUDER];
  if (key === "ArrowDown") return ["volume", -LOUDER];
  if (/^[0-9]$/.test(key)) return ["part", Number(key) / 10];
  if (key === "Home") return ["part", 0];
  if (key === "End") return ["part", 1];
  return lower in named ? [named[lower]] : null;
}

/**
 * Keys of the player, which count only while the focus is in it: `actions[name](value)`. A menu
 * keeps its arrows, a button its space bar, and the volume line its own keys.
 */
export function playerKeys(element, actions) {
  element.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target.closest("[role=menu]")) return;
    if (key === " " && target.closest("button, a")) return;
    if (target.matches(".volume-line") && (key.startsWith("Arrow") || key === "Home" || key === "End")) return;
    const [name, value] = meaning(event) ?? [];
    if (!name) return;
    event.preventDefault();
    actions[name]?.(value);
  });
}
