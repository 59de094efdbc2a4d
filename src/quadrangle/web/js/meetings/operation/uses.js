import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { icon } from "../../parts/icons.js";
import { statusBadge } from "../badges.js";
import { inZone, ownZone } from "../times.js";
import { actsOf } from "./acts.js";
import { usedText } from "./amounts.js";
import { texts as words } from "./texts.js";

function desktopLine(desktop, price) {
  const used = desktop.launchedAt ? usedText(desktop, price) : "";
  const text = words.desktop(
    words.sides[desktop.role],
    words.states[desktop.state] ?? desktop.state,
    used,
  );
  return h(
    "li",
    { class: "use-desktop" },
    h("span", {}, text),
    desktop.generation > 1 && h("span", { class: "soft small" }, words.generation(desktop.generation)),
    desktop.machineId && h("code", { class: "soft small" }, desktop.machineId),
    desktop.state === "FAILED" && desktop.reason && h("span", { class: "small" }, desktop.reason),
  );
}

function head(use) {
  return h(
    "div",
    { class: "row spread" },
    h(
      "div",
      { class: "stack tight" },
      h("b", { dir: "auto" }, words.who(use.teacherName, use.studentName)),
      h(
        "span",
        { class: "soft small" },
        inZone(use.meetTime, ownZone),
        " · ",
        timeElement(use.meetTime),
      ),
    ),
    statusBadge(use.status),
  );
}

/**
 * A meeting with its desktops, what it is stuck at, and what can be done about it: folded away,
 * unless `open`, where all goes well. `done()` hears that something was done.
 */
export function activeUse(use, { price, done, open }) {
  const acts = actsOf(use, done);
  return h(
    "li",
    { class: use.stuck.length ? "card stack use stuck" : "card stack use", dataset: { id: use.id } },
    head(use),
    use.stuck.map((said) => h("p", { class: "use-stuck" }, icon("triangle-alert"), said)),
    h("ul", { role: "list", class: "stack tight" }, use.desktops.map((each) => desktopLine(each, price))),
    use.stuck.length
      ? acts
      : h(
          "details",
          { class: "disclosure", dataset: { id: use.id }, open },
          h("summary", {}, words.act),
          acts,
        ),
  );
}

/** A meeting that has begun, in one row. */
export function pastUse(use, price) {
  return h(
    "li",
    { class: "past-use", dataset: { id: use.id } },
    h(
      "div",
      { class: "stack tight" },
      h("span", { dir: "auto" }, words.who(use.teacherName, use.studentName)),
      h("span", { class: "soft small" }, inZone(use.meetTime, ownZone)),
      use.endReason && h("span", { class: "soft small", dir: "auto" }, use.endReason),
    ),
    h(
      "div",
      { class: "past-used" },
      statusBadge(use.status),
      h("span", { class: "small numeric" }, words.both(usedText(use, price))),
    ),
  );
}
