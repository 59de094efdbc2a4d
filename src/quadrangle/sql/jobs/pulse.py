"""Tells that a process works: all its loops come round, and what they write is saved."""

import asyncio
import time
from collections.abc import Callable

import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.heard import tell
from quadrangle.sql.jobs.waiting import SAFETY_S, wait_for

log = structlog.get_logger(__name__)

BEAT_S = 10.0
# Loops look at least every SAFETY_S; one that has not for so long hangs.
LONGEST_ROUND_S = 2.5 * SAFETY_S


class Pulse:
    """Writes down, while every loop comes round, that `part` works.

    A process that hangs is silent, like one that has ended.
    """

    def __init__(
        self,
        database: Database,
        part: str,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._part = part
        self._clock = clock
        self._monotonic = monotonic
        self._rounds: dict[str, float] = {}

    def follow(self, loop: str) -> Callable[[], None]:
        """Return what `loop`, which begins now, is to call in every round."""

        def comes_round() -> None:
            self._rounds[loop] = self._monotonic()

        comes_round()
        return comes_round

    async def beat(self) -> bool:
        """Write that down unless a loop hangs; return whether it was written."""
        now = self._monotonic()
        hanging = [name for name, at in self._rounds.items() if now - at > LONGEST_ROUND_S]
        if hanging:
            log.error("loops of this process hang", loops=hanging)
            return False
        try:
            await tell(self._database, self._part, self._clock.now())
        except Unavailable:
            return False  # whoever looks finds that out too
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Beat until `stop` is set."""
        while not stop.is_set():
            await self.beat()
            await wait_for(stop, BEAT_S)
