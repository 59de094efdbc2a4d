"""A value that is kept elsewhere, remembered by a container for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")

STALE_AFTER = timedelta(minutes=5)
# While the place is away the value at hand goes on to be used, and it is asked this often.
TRY_AGAIN_AFTER = timedelta(seconds=30)


class Remembered(Generic[T]):
    """What `read` returned last."""

    def __init__(self, read: Callable[[], T], clock: Clock) -> None:
        """`read` raises Unavailable while the place is away; what it returns is never None."""
        self._read = read
        self._clock = clock
        self._known: T | None = None
        self._ask_at: datetime | None = None

    def put(self, value: T) -> None:
        """Remember a value that was just read or written."""
        self._known = value
        self._ask_at = self._clock.now() + STALE_AFTER

    def current(self) -> T:
        """Return the value, at most STALE_AFTER old unless its place is away.

        Raises Unavailable when it is away and nothing is at hand, and what else `read` raises.
        """
        now = self._clock.now()
        if self._known is not None and self._ask_at is not None and now < self._ask_at:
            return self._known
        try:
            value = self._read()
        except Unavailable:
            if self._known is None:
                raise
            self._ask_at = now + TRY_AGAIN_AFTER
            return self._known
        self.put(value)
        return value
