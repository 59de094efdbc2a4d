"""What a student may take, move and call off, by the rules of the teacher."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking.model import BookingRules, Busy, Hours, Slot
from quadrangle.meetings.booking.slot_rules import bookable
from quadrangle.meetings.model import Meeting, Status, Workspace
from quadrangle.meetings.scheduling.claims_model import HourClaim
from quadrangle.meetings.scheduling.rules import may_see
from quadrangle.meetings.scheduling.time_rules import zone_of
from quadrangle.meetings.window_rules import begins_at, ends_at

Span = tuple[datetime, datetime]
MOST_GIVEN_BACK = 10  # of the hours that a student took within a day
MOST_MOVES = 10
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# How far apart the claims that stand for the first, second, … hour of a week lie in it.
_SEAT = timedelta(minutes=15)
# What did not take place leaves the week to others.
_NOT_COUNTED = frozenset({Status.CANCELLED, Status.FAILED})


def require_student(hours: Hours, actor: Principal) -> str:
    """Return who takes an hour. Raises NotSignedIn, and Forbidden for the teacher's own."""
    if actor.account_id is None:
        raise NotSignedIn()
    if actor.account_id == hours.teacher_id:
        raise Forbidden("These hours are your own: others can take them.")
    return actor.account_id


def require_student_of(meeting: Meeting, actor: Principal) -> str:
    """Return who moves or calls off their own meeting, as its student.

    Raises NotSignedIn, Forbidden, and NotFound for who may not know of it.
    """
    if actor.account_id is None:
        raise NotSignedIn()
    if meeting.student_id == actor.account_id:
        return actor.account_id
    if may_see(meeting, actor):
        raise Forbidden("This is for the student of the meeting.")
    raise NotFound("Meeting not found")


def workspace_of(hours: Hours, wanted: Workspace | None) -> Workspace:
    """Return the workspace of an hour, the first that is offered unless one is wanted."""
    offered = hours.rules.workspaces
    if wanted is not None and wanted not in offered:
        raise InvalidInput.at("workspace", f"This teacher offers: {', '.join(offered)}.")
    return wanted or offered[0]


def require_bookable(hours: Hours, slot: Slot, now: datetime) -> None:
    """Raise Conflict for an hour that is too near, or too far ahead, to be taken."""
    earliest, latest = bookable(hours, now)
    start = from_text(slot.starts_at)
    if start < earliest:
        raise Conflict(_too_near("taken", hours.rules.booking_notice))
    if start >= latest:
        ahead = spoken(hours.rules.days_ahead * 24 * 60)
        raise Conflict(f"Hours can be taken up to {ahead} ahead.")


def require_patience(off: Sequence[Meeting], student_id: str, now: datetime) -> None:
    """Raise TooManyRequests for a student who takes hours and gives them back without end.

    `off` are meetings that were called off, of which those count that the student called off.
    Each taking and each giving back is a mail to the teacher.
    """
    since = to_text(now - _DAY)
    given_back = [each for each in off if each.tally.given_back and each.student_id == student_id]
    if sum(1 for each in given_back if each.created_at > since) >= MOST_GIVEN_BACK:
        raise TooManyRequests(
            "You have taken and given back too many hours today. Please ask the teacher.",
            retry_after_s=3600,
        )


def require_few_booked(coming: Sequence[Meeting], student_id: str, most: int) -> None:
    """Raise Conflict for a student who has taken as many of the coming hours as one may have."""
    booked = [
        each
        for each in coming
        if each.student_id == student_id and each.created_by is None and not each.is_over
    ]
    if len(booked) >= most:
        raise Conflict(
            f"You have {most} coming hours already, and nobody can have more at once. "
            "Please give one back first, or wait until one is over."
        )


def require_movable(rules: BookingRules, meeting: Meeting, now: datetime) -> None:
    """Raise Conflict where the student may not move a meeting any more: too late, or too often."""
    if meeting.tally.by_student >= MOST_MOVES:
        raise Conflict("This meeting was moved too often. Please ask the teacher.")
    _require_notice(meeting, now, "moved", rules.moving_notice)


def require_cancellable(rules: BookingRules, meeting: Meeting, now: datetime) -> None:
    """Raise Conflict where it is too late for the student to call a meeting off."""
    _require_notice(meeting, now, "called off", rules.cancelling_notice)


def _require_notice(meeting: Meeting, now: datetime, what: str, minutes: int) -> None:
    if now > from_text(meeting.meet_time) - timedelta(minutes=minutes):
        raise Conflict(f"{_too_near(what, minutes)} Please ask the teacher.")


def _too_near(what: str, minutes: int) -> str:
    if not minutes:
        return f"It has begun: it can no longer be {what}."
    return f"It can be {what} up to {spoken(minutes)} before it begins."


def spoken(minutes: int) -> str:
    """Return a number of minutes as people say it, such as “12 hours” or “2 days”."""
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    raise AssertionError("every number is a multiple of one")


def week_of(hours: Hours, slot: Slot) -> Span:
    """Return the week of an hour on the teacher's clocks, from one Monday's beginning to the next.

    Where a change of the clock skips or repeats midnight, it begins as `datetime` reads it.
    """
    zone = zone_of(hours.time_zone)
    day = from_text(slot.starts_at).astimezone(zone).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time())
    first, last = (each.replace(tzinfo=zone) for each in (monday, monday + _WEEK))
    return first, last


def require_below_limit(hours: Hours, taken: Sequence[Meeting]) -> None:
    """Raise Conflict once a student has had as many hours in a week as the teacher gives.

    `taken` are the student's meetings of that week, with whomever.
    """
    limit = hours.rules.weekly_limit
    theirs = [
        each
        for each in taken
        if each.teacher_id == hours.teacher_id and each.status not in _NOT_COUNTED
    ]
    if limit is not None and len(theirs) >= limit:
        raise limit_reached(limit)


def limit_reached(limit: int) -> Conflict:
    hours = "one hour" if limit == 1 else f"{limit} hours"
    return Conflict(f"You can take {hours} a week with this teacher, and you have.")


def hours_taken(hours: Hours, slot: Slot, student_id: str) -> list[HourClaim]:
    """Return what taking an hour claims: the time of both people.

    The teacher's goes on for the buffer, so that two claims next to each other keep it free.
    """
    buffered = to_text(from_text(slot.ends_at) + timedelta(minutes=hours.rules.buffer))
    return [
        HourClaim(hours.teacher_id, slot.starts_at, buffered),
        HourClaim(student_id, slot.starts_at, slot.ends_at),
    ]


def seats(hours: Hours, slot: Slot, student_id: str) -> list[HourClaim]:
    """Return the claims of which each hour of a student's week takes one: as many as the limit.

    So two requests at once cannot both be the last one allowed. None without a limit.
    """
    limit = hours.rules.weekly_limit
    if limit is None:
        return []
    first = week_of(hours, slot)[0]
    whose = f"week:{hours.teacher_id}:{student_id}"
    begins = [first + _SEAT * number for number in range(limit)]
    return [HourClaim(whose, to_text(each), to_text(each + _SEAT)) for each in begins]


def busy_with(meetings: Sequence[Meeting], *, buffer: int, but: str | None = None) -> list[Busy]:
    """Return the time that meetings take which are not over, with `buffer` minutes on either side.

    The meeting of the id `but` takes none.
    """
    return [_busy(each, buffer) for each in meetings if not each.is_over and each.meeting_id != but]


def _busy(meeting: Meeting, buffer: int) -> Busy:
    around = timedelta(minutes=buffer)
    return Busy(to_text(begins_at(meeting) - around), to_text(ends_at(meeting) + around))
