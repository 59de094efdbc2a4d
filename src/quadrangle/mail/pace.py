"""Keeps a slow mail server from taking the whole worker: only so many deliveries hold a place."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from quadrangle.kernel.jobs import RetryLater

LEAST_WAIT_S = 1.0
# Bounds how late a recovered server gets its first mails.
LONGEST_WAIT_S = 60.0


class DeliveryPace:
    """Lets at most `at_once` deliveries run; sends the others away until it is likely their turn.

    Each of those is given the time one delivery took lately, shared among the places, after the
    one sent away before it. `monotonic` gives seconds that never go back.
    """

    def __init__(
        self, at_once: int = 8, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once = at_once
        self._monotonic = monotonic
        self._running = 0
        self._typical_s = 0.0
        self._next_turn = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a place. Raises RetryLater when there is none."""
        if self._running >= self._at_once:
            raise RetryLater(self._reserve(), "Other mails are being delivered first.")
        self._running += 1
        begun = self._monotonic()
        try:
            yield
        finally:
            self._running -= 1
            took_s = self._monotonic() - begun
            self._typical_s += (took_s - self._typical_s) / 4

    def _reserve(self) -> timedelta:
        now = self._monotonic()
        spacing_s = self._typical_s / self._at_once
        latest = now + LONGEST_WAIT_S
        self._next_turn = min(latest, max(now + LEAST_WAIT_S, self._next_turn + spacing_s))
        return timedelta(seconds=self._next_turn - now)
