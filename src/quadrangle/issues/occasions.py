"""When mails are written about an issue, to whom, and what they are written from.

One list for whoever writes them: reactions, which are called for one change, and batches, which
read for many at once (docs/decisions/0037).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec

from quadrangle.issues import mails, rules
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Comment, Issue
from quadrangle.issues.status_moves import STATUS_CHANGED, left_to_wait, move_to_tell, told_as_one
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import RetryLater
from quadrangle.kernel.mail import Mail

ASSIGNED = "issue.assigned"


class Wanted(msgspec.Struct, frozen=True):
    """What is to be read besides the issue: its changes, a reply in it, where mail reaches whom it
    is assigned to."""

    history: bool = False
    entry_id: str | None = None
    assignee_id: str | None = None


class Found(msgspec.Struct, frozen=True):
    """What was read of that. The address is None for whoever is no active staff."""

    history: Sequence[Change] = ()
    entry: Comment | None = None
    assignee_address: str | None = None


class Occasion(msgspec.Struct, frozen=True):
    """A reaction that writes mails about the issue that changed, and does nothing else.

    `name`, `kinds` and `picks` are those of a kernel.change.Reaction. `wanted` says what to read
    besides the issue, None where there is nobody to tell; it raises RetryLater while it is too
    early. `write` makes the mails of that.
    """

    name: str
    kinds: frozenset[str]
    wanted: Callable[[Change, Issue], Wanted | None]
    write: Callable[[Change, Issue, Found], list[Mail]]
    picks: Callable[[Change], bool] | None = None


class Occasions:
    """Those there are. Of what can be undone within `wait`, people are told when that is over."""

    def __init__(
        self, links: IssueLinks, admin_address: str, clock: Clock, wait: timedelta
    ) -> None:
        self._links = links
        self._admin_address = admin_address
        self._clock = clock
        self._wait = wait
        self.reported = Occasion(
            "issues.mail-report", frozenset({"issue.reported"}), _nothing_else, self._report
        )
        self.moved = Occasion(
            "issues.mail-status", frozenset({STATUS_CHANGED}), self._for_status, self._status
        )
        self.assigned = Occasion(
            "issues.mail-assigned",
            frozenset({ASSIGNED}),
            self._for_assigned,
            self._assigned,
            _is_given,
        )
        self.replied = Occasion(
            "issues.mail-reply", frozenset({"issue.replied"}), _for_reply, self._reply
        )

    def all(self) -> list[Occasion]:
        return [self.reported, self.moved, self.assigned, self.replied]

    def _report(self, change: Change, issue: Issue, found: Found) -> list[Mail]:
        """Confirm to the reporter, where an address was given, and alert the admin address.

        Where more came with that address than it is written to, it is told so once a day.
        """
        written = [mails.alert(issue, change, self._links, self._admin_address)]
        if issue.reporter_email:
            write = mails.many if change.data.get(rules.UNMAILED) else mails.confirmation
            written.append(write(issue, change, self._links))
        return written

    def _for_status(self, change: Change, issue: Issue) -> Wanted | None:
        if not issue.reporter_email:
            return None
        self._require_settled(change)
        return Wanted(history=True)

    def _status(self, change: Change, issue: Issue, found: Found) -> list[Mail]:
        """Tell the reporter that the status changed, unless that was undone within a while."""
        move = move_to_tell(found.history, change, self._wait)
        return [mails.status_note(issue, change, move, self._links)] if move else []

    def _for_assigned(self, change: Change, issue: Issue) -> Wanted | None:
        if issue.assignee_id != change.data["new"]:
            return None
        self._require_settled(change)
        return Wanted(history=True, assignee_id=issue.assignee_id)

    def _assigned(self, change: Change, issue: Issue, found: Found) -> list[Mail]:
        """Tell who an issue was given to by somebody else, unless that was undone within a while;
        once, also where it was taken and given again meanwhile."""
        if told_as_one(found.history, change, self._wait) is None or not found.assignee_address:
            return []
        return [mails.assigned(issue, change, self._links, found.assignee_address)]

    def _reply(self, change: Change, issue: Issue, found: Found) -> list[Mail]:
        """Send a public reply to the other side: staff's to the reporter; the reporter's to the
        admin address and to whom the issue is assigned."""
        entry = found.entry
        if entry is None:
            return []
        if entry.author_role == "reporter":
            readers = dict.fromkeys(filter(None, [self._admin_address, found.assignee_address]))
            return [
                mails.reporter_reply_note(issue, entry, change, self._links, to) for to in readers
            ]
        if not issue.reporter_email:
            return []
        return [mails.reply_note(issue, entry, change, self._links)]

    def _require_settled(self, change: Change) -> None:
        left = left_to_wait(change, self._clock.now(), self._wait)
        if left > timedelta(0):
            raise RetryLater(left, "It may still be changed back.")


def _nothing_else(change: Change, issue: Issue) -> Wanted:
    return Wanted()


def _for_reply(change: Change, issue: Issue) -> Wanted | None:
    by_staff = change.data.get("by") == "staff"  # changes of old do not tell
    if by_staff and not issue.reporter_email:
        return None
    assignee_id = None if by_staff else issue.assignee_id
    return Wanted(entry_id=str(change.data["entryId"]), assignee_id=assignee_id)


def _is_given(change: Change) -> bool:
    """Tell whether an issue was assigned to somebody, by another."""
    return change.data.get("new") is not None and change.data["new"] != change.actor_id
