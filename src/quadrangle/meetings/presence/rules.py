"""Who was connected, from when to when. Apart from a meeting's status: it never decides who joined.

A page that waits makes no connection, and a reload of some seconds is no leaving.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.presence.model import Connection


class Stay(msgspec.Struct, frozen=True):
    """Somebody was there; `left_at` None: is there still."""

    came_at: str
    left_at: str | None


class Attendance(msgspec.Struct, frozen=True):
    """When one side was there. `seconds` counts all stays; `no_show`: it never came."""

    role: MeetingRole
    stays: tuple[Stay, ...]
    seconds: float
    no_show: bool


def left_at(
    meeting: Meeting, connections: Sequence[Connection], now: datetime, policy: MeetingPolicy
) -> datetime | None:
    """Return when the last of those left who had joined; None while somebody is there, or before
    anybody joined."""
    if meeting.joined_at is None:
        return None
    ends = [_end(each, now, policy) for each in connections]
    if any(end is None for end in ends):
        return None
    return max((end for end in ends if end is not None), default=from_text(meeting.joined_at))


def attendance(
    meeting: Meeting, connections: Sequence[Connection], now: datetime, policy: MeetingPolicy
) -> list[Attendance]:
    """Return when each side was there, the teacher first."""
    return [
        _of_side(role, [each for each in connections if each.role is role], meeting, now, policy)
        for role in MeetingRole
    ]


def seen_by(attended: Sequence[Attendance], side: MeetingRole | None) -> list[Attendance]:
    """Return what a side may know: the student when they were there themselves, the teacher and
    staff, whose `side` is None, all of it."""
    mine = {MeetingRole.STUDENT} if side is MeetingRole.STUDENT else set(MeetingRole)
    return [each for each in attended if each.role in mine]


def _of_side(
    role: MeetingRole,
    connections: Sequence[Connection],
    meeting: Meeting,
    now: datetime,
    policy: MeetingPolicy,
) -> Attendance:
    # what ended unseen, such as with the server, ended with the meeting at the latest
    over = from_text(meeting.ended_at) if meeting.ended_at else None
    spans = [(from_text(each.begun_at), _end(each, now, policy) or over) for each in connections]
    merged = _merged(spans, policy.reload_gap)
    seconds = sum(((end or now) - begun).total_seconds() for begun, end in merged)
    came = bool(merged) or role in meeting.joined_roles
    return Attendance(
        role=role,
        stays=tuple(Stay(to_text(begun), end and to_text(end)) for begun, end in merged),
        seconds=seconds,
        no_show=meeting.is_over and not came,
    )


Span = tuple[datetime, datetime | None]


def _merged(spans: Sequence[Span], gap: timedelta) -> list[Span]:
    """Return the spans without those gaps that a reload makes; they may overlap."""
    merged: list[Span] = []
    for begun, end in sorted(spans, key=lambda span: span[0]):
        if merged and _goes_on(merged[-1][1], begun, gap):
            merged[-1] = (merged[-1][0], _later(merged[-1][1], end))
        else:
            merged.append((begun, end))
    return merged


def _goes_on(end: datetime | None, begun: datetime, gap: timedelta) -> bool:
    return end is None or begun <= end + gap


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _end(connection: Connection, now: datetime, policy: MeetingPolicy) -> datetime | None:
    """Return when a connection ended; one that went silent ended when it was last heard of."""
    if connection.ended_at is not None:
        return from_text(connection.ended_at)
    seen = from_text(connection.seen_at)
    return seen if now >= seen + policy.silent_after else None
