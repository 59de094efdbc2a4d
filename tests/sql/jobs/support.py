"""What the tests of the job engine share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import Job
from quadrangle.sql.base.database import Database

PATIENCE_S = 30
SECOND = timedelta(seconds=1)


async def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Return the first truthy value of `condition`, or fail after a generous time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited {PATIENCE_S} s for {what}")


async def rows(database: Database, query: str = "SELECT * FROM jobs ORDER BY job_id") -> list[Any]:
    return list(await database.read(lambda c: c.exec_driver_sql(query).all()))


async def count_jobs(database: Database) -> int:
    return len(await rows(database))


async def equals(count: Callable[[], Awaitable[int]], wanted: int) -> bool:
    return await count() == wanted


class UnsteadyDatabase(Database):
    """A database that is away when told, and counts how often it was asked."""

    away = False
    asked = 0

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise Unavailable()

    async def write(self, work):
        self._ask()
        return await super().write(work)

    async def read(self, work):
        self._ask()
        return await super().read(work)

    def query_here(self, statement, parameters):
        self._ask()
        return super().query_here(statement, parameters)


class Held:
    """A handler that begins, tells so, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun: list[Job] = []
        self.ended = 0
        self.at_once = 0
        self.most_at_once = 0
        self.go = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.begun.append(job)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go.wait()
        finally:
            self.at_once -= 1
        self.ended += 1
