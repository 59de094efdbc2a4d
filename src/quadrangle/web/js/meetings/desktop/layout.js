// By the letters of two keys; enough to tell people that theirs is known.
const LAYOUTS = { qwerty: "QWERTY", qwertz: "QWERTZ", azerty: "AZERTY" };

/** What kind of keyboard it is, by its first letters; null where the browser does not tell. */
export async function layoutName() {
  try {
    const map = await navigator.keyboard.getLayoutMap();
    const row = ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY"].map((code) => map.get(code));
    return LAYOUTS[row.join("")] ?? null;
  } catch {
    return null;
  }
}
