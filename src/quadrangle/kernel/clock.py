"""Time as an argument. Rules never ask for it; hosts hand a clock to services."""

from datetime import UTC, datetime, timedelta
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
