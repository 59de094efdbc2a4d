"""Does what transactions about facts ask of the job engine (sql/jobs/requests.py).

In its order and once: a cursor moves along in the file of the jobs.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Connection, text

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.jobs import insert_rows
from quadrangle.sql.jobs.requests import CONSUMER, DROP, PUT
from quadrangle.sql.jobs.waiting import SAFETY_S, LookPace, backoff_s, set_when, wait_for

log = structlog.get_logger(__name__)

AT_ONCE = 200
KEPT = 10_000  # requests that are done


class JobRequests:
    """Does what was asked of the job engine in the file of facts."""

    def __init__(self, facts: Database, following: Database) -> None:
        self._facts = facts
        self._following = following
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is asked until `stop` is set; while a file cannot be used, wait and go on."""
        await self._facts.signal.listen(self._wake.set)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(set_when(stop, self._wake))
            await self._follow(stop)

    async def _follow(self, stop: asyncio.Event) -> None:
        failures, pace = 0, LookPace()
        while not stop.is_set():
            self._wake.clear()
            try:
                await self.catch_up()
            except Unavailable as error:
                failures += 1
                log.warning("database away, jobs asked for wait", cause=repr(error.__cause__))
                await wait_for(stop, backoff_s(failures))
                continue
            failures = 0
            await wait_for(self._wake, SAFETY_S)
            await pace.keep()

    async def catch_up(self) -> int:
        """Do all there is now; return how many requests that were. Raises Unavailable."""
        total = 0
        while found := await self._following.read(_next):
            await self._following.write(lambda c, found=found: _apply(c, found))
            total += len(found)
        if total and await self._facts.read(_is_long):
            await self._facts.write(lambda c: c.execute(_FORGET))
        return total


_NEXT = text(
    "SELECT seq, action, name, function, payload, run_at FROM job_requests "
    "WHERE seq > :done ORDER BY seq LIMIT :most"
)
# Not forgotten at once: a power cut may set the file of the jobs back, as a backup may be older.
_FORGET = text(
    f"DELETE FROM job_requests WHERE seq <= (SELECT max(seq) FROM job_requests) - {KEPT}"
)
_LENGTH = text("SELECT coalesce(max(seq) - min(seq), 0) FROM job_requests")


def _next(connection: Connection) -> Sequence[Any]:
    done = feed.cursor_of(connection, CONSUMER)
    return connection.execute(_NEXT, {"done": done, "most": AT_ONCE}).all()


def _apply(connection: Connection, found: Sequence[Any]) -> None:
    """Do them, unless another process has been here meanwhile."""
    done = feed.cursor_of(connection, CONSUMER)
    for asked in found:
        if asked.seq <= done:
            continue
        if asked.action == PUT:
            insert_rows(connection, [(asked.function, asked.payload, asked.run_at, asked.name)])
        else:
            states = asked.action.split(",")
            connection.execute(DROP, {"name": asked.name, "states": states})
    feed.move_cursor(connection, CONSUMER, max(done, found[-1].seq))


def _is_long(connection: Connection) -> bool:
    return connection.execute(_LENGTH).scalar_one() > 2 * KEPT
