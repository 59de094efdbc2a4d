import { h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.detail;

// Who reported it and how to reach them.
export function reporterPart({ issue }) {
  const email = issue.reporterEmail
    ? h(
        "a",
        { href: `mailto:${issue.reporterEmail}`, class: "reporter-mail" },
        icon("mail"),
        h("span", {}, issue.reporterEmail),
      )
    : h("p", { class: "soft small" }, words.noEmail);
  const element = h(
    "section",
    { class: "detail-reporter", "aria-labelledby": "reporter-title" },
    h("h3", { id: "reporter-title" }, words.reporter),
    h("p", { dir: "auto" }, issue.reporterName || words.anonymous),
    email,
  );
  return { element };
}
