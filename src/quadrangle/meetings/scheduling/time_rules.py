"""Wall times and instants, across changes of the clock.

Everything that is added, subtracted or compared is an instant in UTC: Python's arithmetic of aware
times keeps the wall clock, and is an hour out across a change.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from quadrangle.kernel.errors import InvalidInput

LONGEST_TIME = 40  # characters; the longest that says something has 35
_WITH_TIME = re.compile(r"[0-9W-]+[T ][0-9]{2}.*")


class MeetTime(msgspec.Struct, frozen=True):
    """A time as it was meant: the instant in UTC, and the wall clock (no offset) of a zone."""

    at: datetime
    local_time: str
    time_zone: str


def resolve(meet_time: str, time_zone: str | None) -> MeetTime:
    """Return the instant of an ISO 8601 time, and the wall time it is in a zone.

    A time with an offset is that instant, whatever the zone; without a zone it is kept in UTC. One
    without an offset is read in the zone. Raises InvalidInput for what is no time or no zone, a
    time without either, one that a change of the clock skips, and one that happens twice.
    """
    zone = zone_of(time_zone) if time_zone else None
    told = _parsed(meet_time)
    if told.tzinfo is not None:
        instant = _in_utc(told)
        return MeetTime(instant, wall_text(instant, zone or _utc()), time_zone or "UTC")
    if zone is None or not time_zone:
        raise InvalidInput.at(
            "meet_time", "Please add an offset to this time, such as Z or +02:00, or a time zone."
        )
    return MeetTime(_only_instant(told, zone), _text(told), time_zone)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name. Raises InvalidInput."""
    if name not in _names():
        raise InvalidInput.at("time_zone", "Please give a time zone such as Europe/Berlin.")
    return ZoneInfo(name)


def instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return every instant, in UTC and in order, at which a zone's clocks show the naive `wall`.

    None where a change skips it, two where it happens twice. Raises OverflowError at the ends of
    the calendar.
    """
    readings = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return sorted({at for at in readings if at.astimezone(zone).replace(tzinfo=None) == wall})


def wall_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return what the clocks of a zone show at an instant, as ISO 8601 without an offset."""
    return _text(instant.astimezone(zone).replace(tzinfo=None))


def skipped_by(wall: datetime, zone: ZoneInfo) -> timedelta:
    """Return by how much the clocks go forward at a wall time that is skipped."""
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert before is not None
    assert after is not None
    return after - before


@cache
def _names() -> frozenset[str]:
    # Not the machine's own: that has right/… too, where seconds since 1970 count leap seconds.
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


@cache
def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


def _parsed(text: str) -> datetime:
    told = text.strip().upper()
    if len(told) > LONGEST_TIME or not told.isascii() or not _WITH_TIME.fullmatch(told):
        raise _no_time()
    try:
        return _to_ms(datetime.fromisoformat(told))
    except ValueError as error:
        raise _no_time() from error


def _to_ms(told: datetime) -> datetime:
    """Instants are kept to the millisecond: see kernel.clock.to_text."""
    return told.replace(microsecond=told.microsecond // 1000 * 1000)


def _in_utc(told: datetime) -> datetime:
    try:
        return told.astimezone(UTC)
    except OverflowError as error:
        raise _no_time() from error


def _only_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    try:
        instants = instants_of(wall, zone)
    except OverflowError as error:
        raise _no_time() from error
    if len(instants) == 1:
        return instants[0]
    if not instants:
        raise _skipped(wall, zone)
    raise _twice(wall, instants, zone)


def _skipped(wall: datetime, zone: ZoneInfo) -> InvalidInput:
    meant = wall + skipped_by(wall, zone)
    return InvalidInput.at(
        "meet_time",
        f"{wall:%H:%M} is skipped on {wall:%Y-%m-%d} in {zone.key}: the clocks go forward. "
        f"Did you mean {meant:%Y-%m-%d %H:%M}?",
    )


def _twice(wall: datetime, instants: list[datetime], zone: ZoneInfo) -> InvalidInput:
    first, second = (at.astimezone(zone).isoformat()[-6:] for at in instants)
    return InvalidInput.at(
        "meet_time",
        f"{wall:%H:%M} happens twice on {wall:%Y-%m-%d} in {zone.key}. "
        f"Please add the offset: {first} for the first time, {second} for the second.",
    )


def _no_time() -> InvalidInput:
    return InvalidInput.at(
        "meet_time", "Please give a date and a time such as 2027-03-28T14:30+02:00."
    )


def _text(wall: datetime) -> str:
    return wall.isoformat(timespec="milliseconds" if wall.microsecond else "seconds")
