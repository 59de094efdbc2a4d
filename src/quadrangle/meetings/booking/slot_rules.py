"""Which hours of a teacher are open: the pattern on the teacher's own clocks, made instants.

An hour begins where the clocks show its time: not at all on a day whose change of the clock skips
it, and the first time where it happens twice. It lasts its minutes, whatever the clocks do
meanwhile, and ends while they still show a time within the free period.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.booking.model import Busy, Hours, Slot
from quadrangle.meetings.scheduling.time_rules import instants_of, zone_of

Span = tuple[datetime, datetime]  # from the first instant to the second, which is not part of it
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


def open_slots(
    hours: Hours,
    first: datetime,
    last: datetime,
    busy: Sequence[Busy],
    now: datetime,
    reader_zone: str,
) -> list[Slot]:
    """Return the hours that begin from `first` to before `last` and can be taken, in order.

    `busy` is the time that nothing may overlap. Raises InvalidInput for a zone.
    """
    if not hours.published:
        return []
    earliest, latest = bookable(hours, now)
    taken = [span_of(each) for each in busy]
    return [
        _slot(span, hours, zone_of(reader_zone))
        for span in offered(hours, max(first, earliest), min(last, latest))
        if is_free(span, taken)
    ]


def bookable(hours: Hours, now: datetime) -> Span:
    """Return from when to before when hours can begin that are taken now."""
    rules = hours.rules
    return now + timedelta(minutes=rules.booking_notice), now + timedelta(days=rules.days_ahead)


def offered(hours: Hours, first: datetime, last: datetime) -> Iterator[Span]:
    """Yield all hours of the pattern that begin from `first` to before `last`, taken or not."""
    if first >= last:
        return
    zone = zone_of(hours.time_zone)
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= end:
        for span in _of_day(hours, day, zone):
            if first <= span[0] < last:
                yield span
        day += _DAY


def slot_at(hours: Hours, start: datetime, reader_zone: str) -> Slot | None:
    """Return the hour of the pattern that begins at `start`, taken or not."""
    spans = offered(hours, start, start + _MOMENT)
    return next((_slot(span, hours, zone_of(reader_zone)) for span in spans), None)


def is_free(span: Span, taken: Sequence[Span]) -> bool:
    """Tell whether an hour overlaps nothing that is taken."""
    return all(span[1] <= begins or ends <= span[0] for begins, ends in taken)


def _of_day(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[Span]:
    length = timedelta(minutes=hours.minutes)
    # buffers lie between the hours, so that all of a period can be taken
    step = length + timedelta(minutes=hours.rules.buffer)
    free_from = None
    for begins, ends in sorted(_periods(hours, day)):
        wall = begins
        while wall + length <= ends:
            span = _span_at(wall, length, zone)
            fits = span is not None and _wall(span[1] - _MOMENT, zone) < ends
            if span is not None and fits and (free_from is None or span[0] >= free_from):
                yield span
                free_from = span[1]
            wall += step


def _periods(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the free periods of a date on the wall clock."""
    text = day.isoformat()
    off = any(each.first <= text <= each.last for each in hours.days_off)
    weekly = [] if off else [each for each in hours.weekly if each.weekday == day.weekday()]
    extra = [each for each in hours.extra if each.date == text]
    for each in (*weekly, *extra):
        yield wall_time(day, each.begins), wall_time(day, each.ends)


def wall_time(day: date, text: str) -> datetime:
    """Return a time of a date, `24:00` being the end of it."""
    if text == "24:00":
        return datetime.combine(day + _DAY, time())
    return datetime.combine(day, time.fromisoformat(text))


def _span_at(wall: datetime, length: timedelta, zone: ZoneInfo) -> Span | None:
    instants = instants_of(wall, zone)
    return (instants[0], instants[0] + length) if instants else None


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def span_of(busy: Busy) -> Span:
    """Return the instants of a time that is taken."""
    return from_text(busy.starts_at), from_text(busy.ends_at)


def _slot(span: Span, hours: Hours, reader_zone: ZoneInfo) -> Slot:
    begins, ends = span
    return Slot(
        starts_at=to_text(begins),
        ends_at=to_text(ends),
        teacher_time=begins.astimezone(zone_of(hours.time_zone)).isoformat(),
        reader_time=begins.astimezone(reader_zone).isoformat(),
    )
