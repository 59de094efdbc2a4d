"""Rate limits per client: token buckets in memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from quadrangle.kernel.errors import TooManyRequests

MAX_CLIENTS = 50_000  # remembered at once; the longest unseen are forgotten first


class Limit(msgspec.Struct, frozen=True):
    """At most `burst` at once, refilled at `per_hour`."""

    burst: int
    per_hour: float


class RateLimiter:
    """Counts per name and client. `monotonic` gives seconds that never go back."""

    def __init__(
        self, *, enabled: bool = True, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._enabled = enabled
        self._monotonic = monotonic
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, name: str, client: str, limit: Limit) -> int:
        """Count one request and return how many more may come at once.

        Raises TooManyRequests, with the wait, when the bucket is empty.
        """
        if not self._enabled:
            return limit.burst
        key = (name, client)
        now = self._monotonic()
        tokens, then = self._buckets.pop(key, (float(limit.burst), now))
        rate = limit.per_hour / 3600
        tokens = min(float(limit.burst), tokens + (now - then) * rate)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(retry_after_s=(1 - tokens) / rate)
        return int(tokens - 1)
