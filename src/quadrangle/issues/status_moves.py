"""Which changes of a status its reporter is told of: what is undone at once mails nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from quadrangle.issues.model import Status
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text

STATUS_CHANGED = "issue.status-changed"


def left_to_wait(change: Change, now: datetime, wait: timedelta) -> timedelta:
    """Return how long it may still be undone; `wait` at most, whatever clocks say."""
    return min(wait, from_text(change.at) + wait - now)


def move_to_tell(
    history: Sequence[Change], change: Change, wait: timedelta
) -> tuple[Status, Status] | None:
    """Return from what to what the status went, for its reporter; None for nothing to tell.

    `history` has the changes of the issue, oldest first. Moves that come within `wait` of each
    other are told as one, by the last; back to where they began, they are told by none.
    """
    moves = [each for each in history if each.kind == STATUS_CHANGED]
    earlier = [each for each in moves if each.seq < change.seq]
    if any(_is_soon(change, each, wait) for each in moves if each.seq > change.seq):
        return None
    first = change
    while earlier and _is_soon(earlier[-1], first, wait):
        first = earlier.pop()
    old, new = Status(first.data["old"]), Status(change.data["new"])
    return None if old is new else (old, new)


def _is_soon(one: Change, next_one: Change, wait: timedelta) -> bool:
    return from_text(next_one.at) - from_text(one.at) < wait
