"""What the tests of the job engine share."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.database import Database

PATIENCE_S = 30


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
