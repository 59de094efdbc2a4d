"""What is unresolved, in sums: what of it is urgent, whose it is, and when it is due.

Each issue is summed up within its type and place, within either alone and within neither, so that
a count is read off a few rows, however many issues there are. When they are due is summed up by
days and hours in UTC, which no campus's time zone moves: overdue is what was due on whole days
that are over, in whole hours of today that are over, and single issues of the hour that it is.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from quadrangle.issues.model import Issue, Priority, Status

ANY = ""  # in place of a type or a location, which no issue is without
# What moves these sums beside what moves the other counts.
URGENCY = "issue.priority-changed"


class By(StrEnum):
    """What is summed up by. The name of a sum is an account's id, a day or an hour."""

    URGENT = "urgent"
    ASSIGNEE = "assignee"
    DUE_DAY = "day"
    DUE_HOUR = "hour"


Sum = tuple[str, str, By, str]  # issue type or ANY, location or ANY, what by, name


class Unresolved(msgspec.Struct, frozen=True):
    """What an issue adds to the sums. One that is resolved adds nothing."""

    issue_type: str
    location: str
    urgent: bool
    assignee_id: str | None
    due_at: str | None

    @classmethod
    def of(cls, issue: Issue) -> "Unresolved | None":
        if issue.status == Status.RESOLVED:
            return None
        urgent = issue.priority == Priority.URGENT
        return cls(issue.issue_type, issue.location, urgent, issue.assignee_id, issue.due_at)


def sums(old: Iterable[Unresolved | None], new: Iterable[Unresolved | None]) -> dict[Sum, int]:
    """Return what moves the sums from `old` to `new`, without what adds nothing."""
    within_both: dict[Sum, int] = {}
    for sign, group in ((-1, old), (1, new)):
        for each in filter(None, group):
            for by, name in _names(each):
                key = (each.issue_type, each.location, by, name)
                within_both[key] = within_both.get(key, 0) + sign
    moved: dict[Sum, int] = {}
    for (issue_type, location, by, name), n in within_both.items():
        for key in (
            (issue_type, location, by, name),
            (issue_type, ANY, by, name),
            (ANY, location, by, name),
            (ANY, ANY, by, name),
        ):
            moved[key] = moved.get(key, 0) + n
    return {key: n for key, n in moved.items() if n}


def _names(issue: Unresolved) -> list[tuple[By, str]]:
    names = []
    if issue.urgent:
        names.append((By.URGENT, ""))
    if issue.assignee_id is not None:
        names.append((By.ASSIGNEE, issue.assignee_id))
    if issue.due_at is not None:
        names += [(By.DUE_DAY, day_of_due(issue.due_at)), (By.DUE_HOUR, hour_of_due(issue.due_at))]
    return names


def day_of_due(instant: str) -> str:
    """Return the day in UTC, like `2026-11-21`; it sorts before the hours of that day."""
    return instant[:10]


def hour_of_due(instant: str) -> str:
    """Return the hour in UTC, like `2026-11-21T13`; it sorts before the instants in it."""
    return instant[:13]
