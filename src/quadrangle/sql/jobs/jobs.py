"""Jobs put, cancelled and buried: the job engine as services see it."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy import Connection, delete, select, text

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.jobs import DeadJob, NewJob
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.groups import wake_after_commit
from quadrangle.sql.base.instants import from_ms, to_ms
from quadrangle.sql.jobs.tables import jobs

# A row is function, payload, run_at, name. One statement from one JSON text, as each statement
# costs more than each row: a batch of reactions brings thousands.
_INSERT = """
INSERT INTO jobs (function, payload, run_at, name, state, attempts)
SELECT {function}, {payload}, CAST({run_at} AS BIGINT), {name}, 'ready', 0 FROM {rows}
WHERE true
ON CONFLICT (name) WHERE name IS NOT NULL AND state = 'ready' DO UPDATE SET
  function = excluded.function, payload = excluded.payload, run_at = excluded.run_at,
  attempts = 0, last_error = NULL
"""
_CELLS = ("function", "payload", "run_at", "name")
_INSERT_FOR = {
    "sqlite": text(
        _INSERT.format(
            rows="json_each(:rows)",
            **{name: f"json_extract(value, '$[{i}]')" for i, name in enumerate(_CELLS)},
        )
    ),
    "postgresql": text(
        _INSERT.format(
            rows="jsonb_array_elements(CAST(:rows AS jsonb)) AS value",
            **{name: f"value ->> {i}" for i, name in enumerate(_CELLS)},
        )
    ),
}
Row = tuple[str, str, int, str | None]


def insert_rows(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert ready jobs, or replace those that wait under the same name, and wake the workers.

    No name may come twice.
    """
    encoded = msgspec.json.encode(list(rows)).decode()
    connection.execute(_INSERT_FOR[connection.dialect.name], {"rows": encoded})
    wake_after_commit(connection)


def enqueue(connection: Connection, now: datetime, *new: NewJob) -> None:
    """Put jobs in the caller's transaction: they exist if and only if it commits."""
    if new:
        insert_rows(connection, rows_of(new, now))


def rows_of(new: Iterable[NewJob], now: datetime) -> list[Row]:
    """Return what `insert_rows` takes for these jobs, due now unless they say when."""
    rows: dict[Any, Row] = {}
    for number, job in enumerate(new):
        key = number if job.name is None else job.name
        rows.pop(key, None)  # of two of one name the last counts, in the last one's place
        payload = msgspec.json.encode(job.payload).decode()
        rows[key] = (job.function, payload, to_ms(job.run_at or now), job.name)
    return list(rows.values())


class SqlJobs:
    """Implements kernel.jobs.Jobs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, *jobs: NewJob) -> None:
        if jobs:
            await self._database.write(lambda c: enqueue(c, self._clock.now(), *jobs))

    async def cancel(self, name: str) -> bool:
        return await self._database.write(lambda c: _cancel(c, name))


_CANCEL = text("DELETE FROM jobs WHERE name = :name AND state = 'ready'")


def _cancel(connection: Connection, name: str) -> bool:
    return connection.execute(_CANCEL, {"name": name}).rowcount > 0


_MAX = 2**63 - 1
_Number = Annotated[int, msgspec.Meta(ge=0, le=_MAX)]
_Position = tuple[_Number, _Number]  # failed_at and job_id of the last one shown

_DEAD_PAGE = text("""
SELECT job_id, function, payload, attempts, last_error, failed_at FROM jobs
WHERE state = 'dead' AND (failed_at, job_id) < (:failed_at, :job_id)
ORDER BY failed_at DESC, job_id DESC LIMIT :limit
""")
_COUNT_DEAD = text("SELECT count(*) FROM jobs WHERE state = 'dead'")
_NAME_WAITS = text("""
SELECT 1 WHERE EXISTS (SELECT 1 FROM jobs WHERE name = :name AND state = 'ready')
  OR EXISTS (SELECT 1 FROM jobs WHERE name = :name AND state = 'leased')
""")
_REQUEUE = text("""
UPDATE jobs SET state = 'ready', run_at = :now, attempts = 0, failed_at = NULL
WHERE job_id = :job_id
""")


class SqlDeadLetters:
    """Implements kernel.jobs.DeadLetters."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list(self, limit: int, cursor: str | None) -> Page[DeadJob]:
        before = (_MAX, _MAX) if cursor is None else decode_cursor(cursor, _Position)
        values = {"failed_at": before[0], "job_id": before[1], "limit": limit + 1}
        rows = await self._database.read(lambda c: c.execute(_DEAD_PAGE, values).all())
        more = len(rows) > limit
        items = [_dead_job(row) for row in rows[:limit]]
        last = (rows[limit - 1].failed_at, rows[limit - 1].job_id) if more else None
        return Page(items, None if last is None else encode_cursor(last))

    async def count(self) -> int:
        return await self._database.read(lambda c: c.execute(_COUNT_DEAD).scalar_one())

    async def requeue(self, job_id: str) -> None:
        number, now = _number_of(job_id), to_ms(self._clock.now())
        await self._database.write(lambda c: _requeue(c, number, now))

    async def delete(self, job_id: str) -> None:
        number = _number_of(job_id)
        await self._database.write(lambda c: _delete_dead(c, number))


def _dead_job(row: Any) -> DeadJob:
    return DeadJob(
        str(row.job_id),
        row.function,
        msgspec.json.decode(row.payload),
        row.attempts,
        row.last_error or "",
        from_ms(row.failed_at),
    )


def _dead(number: int) -> Sequence[Any]:
    return (jobs.c.job_id == number, jobs.c.state == "dead")


_NUMBER = re.compile(r"[1-9][0-9]{0,18}")


def _number_of(job_id: str) -> int:
    """Return the number of a row. Raises NotFound for an id that no row can have."""
    number = int(job_id) if _NUMBER.fullmatch(job_id) else 0
    if not 0 < number <= _MAX:
        raise NotFound(_NOT_DEAD)
    return number


_NOT_DEAD = "There is no such job among those that failed."


def _requeue(connection: Connection, number: int, now: int) -> None:
    row = connection.execute(select(jobs.c.name).where(*_dead(number))).first()
    if row is None:
        raise NotFound(_NOT_DEAD)
    if row.name is not None and connection.execute(_NAME_WAITS, {"name": row.name}).first():
        raise Conflict("A newer job has taken the place of this one. Delete this one instead.")
    connection.execute(_REQUEUE, {"job_id": number, "now": now})
    wake_after_commit(connection)


def _delete_dead(connection: Connection, number: int) -> None:
    if connection.execute(delete(jobs).where(*_dead(number))).rowcount == 0:
        raise NotFound(_NOT_DEAD)
