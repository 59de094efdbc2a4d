"""What transactions about facts ask of the job engine.

With one database they do it themselves. On SQLite the jobs are in another file (sql/base/
two_files.py), and no transaction spans both: there it is written down with the facts, and the
worker does it in their order, once, as a cursor moves along in the file of the jobs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import FACTS_ALONE
from quadrangle.sql.base.groups import wake_after_commit
from quadrangle.sql.jobs.jobs import insert_rows, rows_of
from quadrangle.sql.jobs.tables import jobs

CONSUMER = "job-requests"
_ADD = text(
    "INSERT INTO job_requests (action, name, function, payload, run_at) "
    "VALUES (:action, :name, :function, :payload, :run_at)"
)
DROP = text("DELETE FROM jobs WHERE name = :name AND state IN :states").bindparams(
    bindparam("states", expanding=True)
)
PUT = "put"


def request(connection: Connection, now: datetime, *new: NewJob) -> None:
    """Have jobs put if and only if the caller's transaction commits."""
    rows = rows_of(new, now)
    if not rows:
        return
    if not connection.info.get(FACTS_ALONE):
        insert_rows(connection, rows)
        return
    for function, payload, run_at, name in rows:
        _add(connection, PUT, name, function=function, payload=payload, run_at=run_at)


def drop(connection: Connection, name: str, states: Sequence[str]) -> None:
    """Have jobs of a name forgotten that are in one of `states` (ready, dead), likewise."""
    if not connection.info.get(FACTS_ALONE):
        connection.execute(DROP, {"name": name, "states": list(states)})
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
