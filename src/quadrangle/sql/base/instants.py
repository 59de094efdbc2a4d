"""Instants as the job engine stores and compares them: whole milliseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Return the millisecond that `instant` lies in."""
    return (instant - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """Return the instant at which millisecond `ms` begins."""
    return _EPOCH + timedelta(milliseconds=ms)
