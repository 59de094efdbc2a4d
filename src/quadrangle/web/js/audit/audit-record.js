import { h } from "../base/dom.js";
import { icon } from "../parts/icons.js";
import { exact, timeElement } from "../base/time.js";
import { texts as words } from "./texts.js";

const ICONS = [
  ["account.sign-in-failed", "shield-alert"],
  ["account.refresh-reused", "shield-alert"],
  ["account.passkey-cloned", "shield-alert"],
  ["account.signed-in", "log-in"],
  ["account.signed-out", "log-out"],
  ["account.", "user-round"],
  ["api-key.", "key-round"],
  ["issue-catalog.", "settings"],
  ["issue.", "megaphone"],
  ["meeting.", "video"],
  ["video.", "film"],
  ["course.", "list-video"],
  ["mail.", "mail"],
  ["job.", "rotate-ccw"],
  ["audit.", "download"],
];
const ALARMING = new Set([
  "account.sign-in-failed",
  "account.refresh-reused",
  "account.passkey-cloned",
]);
const REPORT_ID = /^[0-9a-f-]{36}$/;

function sentence({ kind, subjectName, details }) {
  const say = Object.hasOwn(words.kinds, kind) ? words.kinds[kind] : null;
  const isOfPeople = /^(?:account|api-key)\./.test(kind);
  const whom = subjectName ?? (isOfPeople ? words.somebody : null);
  return say ? say(whom, details) : words.otherKind(kind);
}

function shown(name, value) {
  if (name === "expiresAt") return value ? exact(value) : words.never;
  if (value === null || value === undefined || value === "") return words.nothing;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function facts(record, address) {
  const { at, actorId, actorName, origin, subject, subjectName, kind, details, seq } = record;
  const only = (filters, label) => h("a", { href: address(filters) }, label);
  const report = kind.startsWith("issue.") && REPORT_ID.test(subject);
  const rows = [
    [words.at, h("time", { datetime: at }, exact(at))],
    [words.who, actorName, actorId && only({ accountId: actorId }, words.onlyBy(actorName))],
    [words.origin, origin ?? h("span", { class: "soft" }, words.onMachine)],
    [
      words.subject,
      subjectName ?? h("code", {}, subject),
      report && h("a", { href: `/desk?view=all&issue=${subject}` }, words.openReport),
      only({ subject }, words.onlyAbout),
    ],
    ...Object.entries(details).map(([name, value]) => [
      words.details[name] ?? name,
      shown(name, value),
    ]),
    [words.kind, h("code", {}, kind)],
    [words.record, seq],
  ];
  return h(
    "dl",
    { class: "audit-facts" },
    rows.map(([name, ...values]) =>
      h(
        "div",
        {},
        h("dt", {}, name),
        h("dd", {}, values.filter(Boolean).map((value) => h("span", {}, value))),
      ),
    ),
  );
}

// One act: a sentence, and all that is kept of it when it is opened. `address(filters)` is where
// the list narrowed to those is.
export function auditRecord(record, address) {
  const name = ICONS.find(([prefix]) => record.kind.startsWith(prefix))?.[1] ?? "circle-dot";
  return h(
    "li",
    { class: `audit-item${ALARMING.has(record.kind) ? " alarming" : ""}` },
    h(
      "details",
      {},
      h(
        "summary",
        {},
        icon(name),
        h("span", { class: "audit-what" }, h("b", { dir: "auto" }, record.actorName), ` ${sentence(record)}`),
        h("span", { class: "audit-when" }, timeElement(record.at)),
      ),
      facts(record, address),
    ),
  );
}
