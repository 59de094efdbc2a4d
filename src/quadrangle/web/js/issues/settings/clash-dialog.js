import { h } from "../../base/dom.js";
import { untilClosed } from "../../parts/overlays/until-closed.js";
import { texts } from "./texts.js";

const words = texts.clash;

function lines(part, saved) {
  if (part === "campusName") return [saved.campusName];
  if (part === "locations") return saved.locations;
  return saved.issueTypes.map(({ name, targetHours }) =>
    targetHours ? `${name}, ${targetHours} h` : name,
  );
}

// Two people changed the same part. Resolves to "mine", "theirs", or null to go on editing.
export function clashDialog(parts, saved) {
  const [mine, theirs, stay] = [words.mine, words.theirs, settings.keepEditing].map((label) =>
    h("button", { type: "button", class: "button" }, label),
  );
  const named = parts.map((part) => words.parts[part]).join(words.and);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "clash-title" },
    h("h2", { id: "clash-title" }, words.title),
    h("p", {}, words.text(named)),
    h(
      "details",
      { class: "disclosure" },
      h("summary", {}, words.now),
      parts.map((part) =>
        h(
          "ul",
          { class: "saved-now" },
          lines(part, saved).map((line) => h("li", {}, line)),
        ),
      ),
    ),
    h("div", { class: "dialog-foot" }, stay, theirs, mine),
  );
  mine.addEventListener("click", () => dialog.close("mine"));
  theirs.addEventListener("click", () => dialog.close("theirs"));
  stay.addEventListener("click", () => dialog.close());
  return untilClosed(dialog, () => dialog.returnValue || null);
}
