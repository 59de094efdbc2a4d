"""Whether this machine can do its work, and why not: what `GET /api/health` tells."""

import asyncio
import shutil
import time
from datetime import timedelta

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.heard import last_heard, tell

WORKER = "worker"
_SERVER = "server"
SILENT_AFTER = timedelta(seconds=90)
LEAST_FREE_BYTES = 1_000_000
LOOKED_FOR_S = 2.0  # anybody may ask, and each look is a write

NOT_READ = "The database cannot be read."
NOT_WRITTEN = "The database takes no writes: its disk may be full, or it is away."
NO_ROOM = "The disk with the data is full."


class Readiness:
    """Looks at the database, the disk, and the worker where it should run.

    The worker is given SILENT_AFTER from the start of the server on.
    """

    def __init__(self, parts: MachineParts) -> None:
        self._database = parts.database
        self._following = parts.following
        self._clock = parts.clock
        self._data = parts.settings.data
        self._has_worker = parts.settings.worker == "on"
        self._since = parts.clock.now()
        self._turn = asyncio.Lock()
        self._looked_at: float | None = None
        self._faults: list[str] = []

    async def require(self) -> None:
        """Raise Unavailable with a sentence for each thing that is wrong."""
        async with self._turn:
            now = time.monotonic()
            if self._looked_at is None or now - self._looked_at > LOOKED_FOR_S:
                self._faults = await self._look()
                self._looked_at = time.monotonic()
        if self._faults:
            raise Unavailable(" ".join(self._faults))

    async def _look(self) -> list[str]:
        faults = [NO_ROOM] if self._is_full() else []
        try:
            await self._database.read(lambda c: c.exec_driver_sql("SELECT 1").scalar())
        except Unavailable:
            return [*faults, NOT_READ]
        try:
            await tell(self._database, _SERVER, self._clock.now())
        except Unavailable:
            faults.append(NOT_WRITTEN)
        return [*faults, *(await self._silence() if self._has_worker else [])]

    def _is_full(self) -> bool:
        try:
            return shutil.disk_usage(self._data).free < LEAST_FREE_BYTES
        except OSError:
            return True

    async def _silence(self) -> list[str]:
        try:
            heard = await last_heard(self._following, WORKER)
        except Unavailable:
            return [NOT_READ]
        silent = self._clock.now() - max(self._since, heard or self._since)
        if silent <= SILENT_AFTER:
            return []
        minutes = round(silent.total_seconds() / 60)
        since = f"{minutes} minutes" if minutes > 1 else "more than a minute"
        return [
            f"The worker has not been heard of for {since}: mails and all that follows from "
            "changes wait for it."
        ]
