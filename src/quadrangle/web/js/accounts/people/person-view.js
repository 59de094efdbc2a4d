import { api } from "../../base/api.js";
import { h } from "../../base/dom.js";
import { timeElement } from "../../base/time.js";
import { icon } from "../../parts/icons.js";
import { DetailPane, facts } from "../../parts/lists/detail-pane.js";
import { doors } from "./doors.js";
import { personForm } from "./person-form.js";
import { shownEmail, statusBadge } from "./shown.js";
import { texts as words } from "./texts.js";

const NOTICES = {
  invited: words.isInvited,
  unconfirmed: words.isUnconfirmed,
  disabled: words.isDisabled,
  closed: words.isClosed,
};

// One account: what is known of it, and what an administrator can do with it. `onChanged(person)`
// gets it as a call has left it.
export function personView({ me, onBack, onChanged }) {
  const pane = new DetailPane({
    words,
    iconName: "user-round",
    read: (accountId, signal) =>
      api.get(`/api/accounts/people/${encodeURIComponent(accountId)}`, { signal }),
    draw,
    onBack,
  });

  /** Draw the account as a call has left it, with the focus where it was. */
  function changed(person) {
    const action = document.activeElement?.dataset?.action;
    onChanged(person);
    if (person.accountId !== pane.id) return;
    pane.update(person);
    const again = action && pane.element.querySelector(`[data-action="${action}"]`);
    if (again) again.focus({ preventScroll: true });
    else pane.focus();
  }

  function draw(person) {
    const notice = NOTICES[person.status];
    const isMe = person.accountId === me.accountId;
    const isOpen = person.status !== "closed";
    return [
      h(
        "div",
        { class: "person-head" },
        h("h2", { tabindex: "-1", dir: "auto" }, person.name, isMe && ` (${words.you})`),
        statusBadge(person.status),
      ),
      whatIsKnown(person),
      notice && h("div", { class: "notice" }, icon("info"), h("p", {}, notice)),
      isOpen && personForm(person, { isMe, changed }),
      isOpen && doors(person, changed),
    ];
  }

  return pane;
}

function whatIsKnown(person) {
  return facts(
    [words.email, shownEmail(person)],
    person.newEmail && [words.newEmail, words.pending(person.newEmail)],
    [person.status === "invited" ? words.invitedOn : words.since, timeElement(person.createdAt)],
    [words.twoFactor, person.twoFactor ? words.twoFactorOn : words.twoFactorOff],
  );
}
