"""Which changes of a status its reporter is told of, and which of who has it they are told of:
what is undone at once mails nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

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
    """Return from what to what the status went, for its reporter; None for nothing to tell."""
    told = told_as_one(history, change, wait)
    return None if told is None else (Status(told[0]), Status(told[1]))


def told_as_one(
    history: Sequence[Change], change: Change, wait: timedelta
) -> tuple[Any, Any] | None:
    """Return from what to what a field went with `change`; None for nothing to tell.

    `history` has the changes of the issue, oldest first. Those of one kind that come within `wait`
    of each other are told as one, by the last; back to where they began, they are told by none.
    """
    moves = [each for each in history if each.kind == change.kind]
    earlier = [each for each in moves if each.seq < change.seq]
    if any(_is_soon(change, each, wait) for each in moves if each.seq > change.seq):
        return None
    first = change
    while earlier and _is_soon(earlier[-1], first, wait):
        first = earlier.pop()
    old, new = first.data["old"], change.data["new"]
    return None if old == new else (old, new)


def _is_soon(one: Change, next_one: Change, wait: timedelta) -> bool:
    return from_text(next_one.at) - from_text(one.at) < wait
