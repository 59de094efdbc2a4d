"""Weekly series: the same time on the clocks of a place, week by week.

Each occurrence is a meeting of its own, with a link, a life and a place in calendars of its own.
"""

from collections.abc import Sequence
from datetime import MAXYEAR, date, datetime, timedelta

import msgspec

from quadrangle.kernel.errors import Conflict, FieldError, InvalidInput
from quadrangle.meetings.booking.model import Busy
from quadrangle.meetings.booking.slot_rules import Span, is_free, span_of
from quadrangle.meetings.scheduling.time_rules import MeetTime, instants_of, zone_of

MOST = 30  # occurrences
_WEEK = timedelta(days=7)


class Repeat(msgspec.Struct, frozen=True):
    """How long a series goes on: so many `times`, the first included, or `until` a date (the last
    it may have, in its time zone). One of the two."""

    times: int | None = None
    until: str | None = None


class Occurrence(msgspec.Struct, frozen=True):
    """One meeting of a series. `number` counts from 1; `local_time` is on its clocks."""

    number: int
    local_time: str


class SeriesClash(Conflict):
    """Some meetings of this series clash with others."""

    def __init__(self, occurrences: Sequence[Occurrence]) -> None:
        self.occurrences = list(occurrences)
        when = ", ".join(_said(each.local_time) for each in occurrences)
        verb = "clashes" if len(occurrences) == 1 else "clash"
        super().__init__(
            f"{len(occurrences)} of these meetings {verb} with another one: {when}. "
            "None was scheduled."
        )


def occurrences(first: MeetTime, repeat: Repeat) -> list[MeetTime]:
    """Return all meetings of a series that begins with `first`, in order.

    One that falls where the clocks show its time twice is held the first time. Raises InvalidInput:
    for what is no repeat, and with every date on which a change of the clock skips the time.
    """
    start = datetime.fromisoformat(first.local_time)
    count = _count(start.date(), repeat)
    if start.year >= MAXYEAR:
        raise InvalidInput.at("meet_time", "This time is too far ahead.")
    walls = [start + _WEEK * number for number in range(1, count)]
    zone = zone_of(first.time_zone)
    found, skipped = [first], []
    for wall in walls:
        instants = instants_of(wall, zone)
        if instants:
            local_time = _text_like(first.local_time, wall)
            found.append(MeetTime(instants[0], local_time, first.time_zone))
        else:
            skipped.append(wall)
    if skipped:
        raise InvalidInput([_skipped(wall, first.time_zone) for wall in skipped])
    return found


def clashes(series: Sequence[MeetTime], minutes: int, busy: Sequence[Busy]) -> list[Occurrence]:
    """Return the meetings of a series that overlap what is taken."""
    taken = [span_of(each) for each in busy]
    return [
        Occurrence(number, each.local_time)
        for number, each in enumerate(series, 1)
        if not is_free(_span(each, minutes), taken)
    ]


def _span(time: MeetTime, minutes: int) -> Span:
    return time.at, time.at + timedelta(minutes=minutes)


def _count(first: date, repeat: Repeat) -> int:
    """Return how many meetings there are. Raises InvalidInput."""
    if (repeat.times is None) == (repeat.until is None):
        raise InvalidInput.at("repeat", "Please give either how many times, or until when.")
    if repeat.until is None:
        count, field = repeat.times or 0, "repeat.times"
    else:
        count, field = _weeks(first, repeat.until), "repeat.until"
    if not 1 <= count <= MOST:
        raise InvalidInput.at(field, f"A series has 1 to {MOST} meetings.")
    return count


def _weeks(first: date, until: str) -> int:
    try:
        last = date.fromisoformat(until)
    except ValueError:
        last = None
    if last is None or last.isoformat() != until:  # a week or a day of the year is a date to it too
        raise InvalidInput.at("repeat.until", "Please give a date such as 2027-07-15.")
    return (last - first) // _WEEK + 1


def _skipped(wall: datetime, zone: str) -> FieldError:
    return FieldError(
        "meet_time",
        f"{wall:%H:%M} is skipped on {wall:%Y-%m-%d} in {zone}: the clocks go forward. "
        "Please choose another time for the series, or end it before.",
    )


def _text_like(example: str, wall: datetime) -> str:
    """Write a wall time as precisely as another."""
    return wall.isoformat(timespec="milliseconds" if "." in example else "seconds")


def _said(local_time: str) -> str:
    return f"{datetime.fromisoformat(local_time):%Y-%m-%d %H:%M}"
