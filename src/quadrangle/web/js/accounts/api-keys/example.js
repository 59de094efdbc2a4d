import { h } from "../../base/dom.js";
import { copyButton } from "../../parts/copy.js";
import { texts } from "./texts.js";

const words = texts.example;
const A_DAY_MS = 24 * 3600 * 1000;

const report = () => ({
  issueType: "Network",
  location: "Library",
  description: words.description,
});

// As the source system sends it: the time in UTC, without fractions.
const meeting = () => ({
  teacher_name: "Ada Lovelace",
  student_name: "Bo Lind",
  meet_time: `${new Date(Date.now() + A_DAY_MS).toISOString().slice(0, 16)}:00Z`,
  frontend_base_url: location.origin,
});

// What changes nothing comes first: it is tried as it stands.
const CALLS = {
  "issues:read": ["GET", "/get-all-issues"],
  "statistics:read": ["GET", "/api/issues/statistics"],
  "metrics:read": ["GET", "/metrics"],
  "issues:report": ["POST", "/report-issue", report],
  "issues:write": ["PUT", "/update-status", () => ({ issueId: "…", status: "RESOLVED" })],
  "meetings:schedule": ["POST", "/schedule", meeting],
};

/** A command that uses `key` for the first it may do of `scopes`, as a shell takes it. */
function command(key, scopes) {
  const [method, path, body] = CALLS[Object.keys(CALLS).find((scope) => scopes.includes(scope))];
  const lines = [`curl ${location.origin}${path}`, `-H 'X-Api-Key: ${key}'`];
  if (body) {
    if (method !== "POST") lines.push(`-X ${method}`);
    lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(body())}'`);
  }
  return lines.join(" \\\n  ");
}

/** How a key is used: a command to try, and a button that copies it. */
export function example(key, scopes) {
  const text = command(key, scopes);
  return h(
    "div",
    { class: "key-example" },
    h("p", {}, words.lead),
    h("pre", { role: "group", tabindex: "0", "aria-label": words.name }, text),
    copyButton(words.copy, () => text, words.copied),
  );
}
