import { rememberedAccount } from "../../../base/account.js";
import { append, clear, h } from "../../../base/dom.js";
import { icon } from "../../../parts/icons.js";
import { texts } from "../texts.js";

const words = texts.detail;

function mailOf({ reporterEmail }) {
  return reporterEmail
    ? h(
        "a",
        { href: `mailto:${reporterEmail}`, class: "reporter-mail" },
        icon("mail"),
        h("span", {}, reporterEmail),
      )
    : h("p", { class: "soft small" }, words.noEmail);
}

// The account that the report belongs to; administrators go on to People from here.
function ownerOf({ accountId, name }) {
  const href = `/people?${new URLSearchParams({ person: accountId })}`;
  const shown = rememberedAccount()?.role === "admin" ? h("a", { href }, name) : name;
  return h("p", { class: "small reporter-owner" }, words.owner, " ", h("bdi", {}, shown));
}

// Who reported it and how to reach them.
export function reporterPart(thread) {
  const place = h("div", { class: "stack tight" });
  let before = null;

  function update({ issue, owner = null }) {
    const now = JSON.stringify([issue.reporterName, issue.reporterEmail, owner]);
    if (now === before) return;
    before = now;
    append(
      clear(place),
      (issue.reporterName || !owner) &&
        h("p", { dir: "auto" }, issue.reporterName || words.anonymous),
      owner && ownerOf(owner),
      mailOf(issue),
    );
  }

  update(thread);
  const element = h(
    "section",
    { class: "detail-reporter", "aria-labelledby": "reporter-title" },
    h("h3", { id: "reporter-title" }, words.reporter),
    place,
  );
  return { element, update };
}
