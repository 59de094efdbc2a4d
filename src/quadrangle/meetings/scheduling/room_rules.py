"""How many meetings have their desktops at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from quadrangle.meetings.model import Meeting
from quadrangle.meetings.scheduling.claims_model import NoRoomThen, RoomLimit
from quadrangle.meetings.window_rules import begins_at, ends_at

Span = tuple[datetime, datetime]


def held(meeting: Meeting, limit: RoomLimit) -> Span:
    """Return from when to when a meeting has its desktops; the end is exclusive."""
    return begins_at(meeting) - timedelta(seconds=limit.lead_s), ends_at(meeting)


def require_room(wanted: Span, others: Iterable[Span], limit: RoomLimit) -> None:
    """Raise NoRoomThen where another meeting would be one too many at any moment of its span."""
    if most_at_once(wanted, others) + 1 > limit.meetings:
        raise NoRoomThen(limit.sentence)


def most_at_once(within: Span, spans: Iterable[Span]) -> int:
    """Return how many of the spans there are at most at one moment within another."""
    first, last = within
    steps: list[tuple[datetime, int]] = []
    for begun, end in spans:
        if begun < last and end > first:
            steps += [(max(begun, first), 1), (end, -1)]
    most = now = 0
    for _, step in sorted(steps):  # of one moment, what ends comes first
        now += step
        most = max(most, now)
    return most
