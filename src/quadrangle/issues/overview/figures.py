"""What issues are counted by, and what a change adds to the counts."""

from collections.abc import Iterable
from datetime import UTC, tzinfo

import msgspec

from quadrangle.issues.model import Issue, Status
from quadrangle.kernel.clock import day_of, from_text

# The kinds of changes after which an issue may be counted or found otherwise.
COUNTED_KINDS = frozenset(
    {"issue.reported", "issue.status-changed", "issue.edited", "issue.assigned", "issue.released"}
)


class Facets(msgspec.Struct, frozen=True, array_like=True):
    """What an issue was counted by. Days are the campus's, like `2026-11-21`."""

    issue_type: str
    location: str
    status: Status
    assigned: bool
    created_day: str
    resolved_day: str | None

    @classmethod
    def of(cls, issue: Issue, zone: tzinfo = UTC) -> "Facets":
        return cls(
            issue.issue_type,
            issue.location,
            issue.status,
            issue.assignee_id is not None,
            day_of(issue.created_at, zone),
            day_of(issue.resolved_at, zone) if issue.resolved_at else None,
        )


Total = tuple[str, str, Status, bool]  # issue type, location, status, assigned
Day = tuple[str, str, str]  # day, issue type, location


class Amounts(msgspec.Struct):
    """What to add to totals, and to days: reported and resolved."""

    totals: dict[Total, int] = {}
    days: dict[Day, tuple[int, int]] = {}


def amounts(old: Iterable[Facets], new: Iterable[Facets]) -> Amounts:
    """Return what moves the counts from `old` to `new`, without what adds nothing."""
    totals: dict[Total, int] = {}
    days: dict[Day, list[int]] = {}
    for sign, group in ((-1, old), (1, new)):
        for f in group:
            total = (f.issue_type, f.location, f.status, f.assigned)
            totals[total] = totals.get(total, 0) + sign
            days.setdefault((f.created_day, f.issue_type, f.location), [0, 0])[0] += sign
            if f.resolved_day is not None:
                days.setdefault((f.resolved_day, f.issue_type, f.location), [0, 0])[1] += sign
    return Amounts(
        {key: n for key, n in totals.items() if n},
        {key: (n[0], n[1]) for key, n in days.items() if any(n)},
    )


class Resolution(msgspec.Struct, frozen=True, array_like=True):
    """How a resolved issue did: whole minutes, and whether it met its target (None: without)."""

    day: str
    issue_type: str
    minutes: int
    met: bool | None

    @classmethod
    def of(cls, issue: Issue, zone: tzinfo = UTC) -> "Resolution | None":
        if issue.status is not Status.RESOLVED or issue.resolved_at is None:
            return None
        took = from_text(issue.resolved_at) - from_text(issue.created_at)
        met = None if issue.due_at is None else issue.resolved_at <= issue.due_at
        minutes = round(took.total_seconds() / 60)
        return cls(day_of(issue.resolved_at, zone), issue.issue_type, minutes, met)
