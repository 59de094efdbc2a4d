"""What transactions about facts ask of the job engine.

With one database they do it themselves. On SQLite the jobs are in another file (sql/base/
two_files.py), and no transaction spans both: there it is written down with the facts, and the
worker does it in their order, once, as a cursor moves along in the file of the jobs.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, select, text

from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import FACTS_ALONE, Database
from quadrangle.sql.base.groups import wake_after_commit
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.jobs import insert_rows, rows_of
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.jobs.waiting import SAFETY_S, LookPace, backoff_s, set_when, wait_for

log = structlog.get_logger(__name__)

CONSUMER = "job-requests"
AT_ONCE = 200
KEPT = 10_000  # requests that are done
_ADD = text(
    "INSERT INTO job_requests (action, name, function, payload, run_at) "
    "VALUES (:action, :name, :function, :payload, :run_at)"
)
_DROP = text("DELETE FROM jobs WHERE name = :name AND state IN :states").bindparams(
    bindparam("states", expanding=True)
)
_PUT = "put"


def request(connection: Connection, now: datetime, *new: NewJob) -> None:
    """Have jobs put if and only if the caller's transaction commits."""
    rows = rows_of(new, now)
    if not rows:
        return
    if not connection.info.get(FACTS_ALONE):
        insert_rows(connection, rows)
        return
    for function, payload, run_at, name in rows:
        _add(connection, _PUT, name, function=function, payload=payload, run_at=run_at)


def drop(connection: Connection, name: str, states: Sequence[str]) -> None:
    """Have jobs of a name forgotten that are in one of `states` (ready, dead), likewise."""
    if not connection.info.get(FACTS_ALONE):
        connection.execute(_DROP, {"name": name, "states": list(states)})
        return
    _add(connection, ",".join(states), name)


def _add(connection: Connection, action: str, name: str | None, **job: Any) -> None:
    given = {"function": None, "payload": None, "run_at": None, **job}
    connection.execute(_ADD, {"action": action, "name": name, **given})
    wake_after_commit(connection)


_WAITING = text(f"""
SELECT name FROM job_requests WHERE action = 'put' AND name IS NOT NULL AND seq >
  coalesce((SELECT seq FROM feed_cursors WHERE consumer = '{CONSUMER}'), 0)
""")


def live_names(connection: Connection, names: Iterable[str]) -> set[str]:
    """Return those of `names` whose job waits, runs, or was asked for.

    In a read of the facts: what they ask for is seen before the jobs are, so that a request which
    becomes a job meanwhile is found as either.
    """
    asked: set[str] = set()
    if connection.dialect.name == "sqlite":
        asked = set(connection.execute(_WAITING).scalars())
    wanted = list(names)
    live = jobs.c.state.in_(("ready", "leased")) & jobs.c.name.in_(wanted)
    return set(connection.execute(select(jobs.c.name).where(live)).scalars()) | (
        asked & set(wanted)
    )


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
        if asked.action == _PUT:
            insert_rows(connection, [(asked.function, asked.payload, asked.run_at, asked.name)])
        else:
            states = asked.action.split(",")
            connection.execute(_DROP, {"name": asked.name, "states": states})
    feed.move_cursor(connection, CONSUMER, max(done, found[-1].seq))


def _is_long(connection: Connection) -> bool:
    return connection.execute(_LENGTH).scalar_one() > 2 * KEPT
