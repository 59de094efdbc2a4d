"""Time as an argument. Rules never ask for it; hosts hand a clock to services."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, always in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to, for tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


def to_text(instant: datetime) -> str:
    """Return `instant` as ISO 8601 in UTC with milliseconds and a `Z`.

    Texts of one width sort as the instants do, so stores may compare them as they are.
    """
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote. Raises ValueError on anything that is not an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def zone_of(name: str) -> tzinfo:
    """Return a time zone such as `Europe/Amsterdam`, UTC for "". Raises ValueError for none."""
    if name in ("", "UTC"):
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # most processes are in UTC

    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"{name} is no time zone.") from error


def day_of(text: str, zone: tzinfo = UTC) -> str:
    """Return the day, like `2026-11-21`, that an instant of `to_text` falls on in a zone."""
    if zone is UTC:
        return text[:10]
    return from_text(text).astimezone(zone).date().isoformat()


def beginning_of(day: str, zone: tzinfo = UTC, *, days_on: int = 0) -> str:
    """Return the instant at which a day begins in a zone, or the one some `days_on`."""
    first = date.fromisoformat(day) + timedelta(days=days_on)
    return to_text(datetime.combine(first, time(), zone))
