"""Instants as the job engine stores them: whole milliseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Return `instant` in milliseconds, rounded up, so that nothing due then comes too early."""
    return -((_EPOCH - instant) // _MS)


def from_ms(ms: int) -> datetime:
    """Return the instant of `ms` milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)
