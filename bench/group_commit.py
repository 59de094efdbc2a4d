"""Limit (b): how many reports a second SQLite alone puts on disk in groups, no server around.

The same tables and indexes; each group is one transaction of one issue row and one change row per
report, with `synchronous=FULL`, written by the fastest statements we know.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.issues.store import report_bulk, report_row


def rate(folder: Path, group: int, seconds: float) -> float:
    """Return reports per second in groups of `group`."""
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_rate(f"sqlite:///{folder / f'group-{group}.db'}", group, seconds))


async def _rate(url: str, group: int, seconds: float) -> float:
    database = Database(url)
    await migrate(database)
    statements = report_bulk("sqlite").statements
    written = 0
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            rows = json.dumps([_row() for _ in range(group)])
            cursor.execute("BEGIN IMMEDIATE")
            for statement in statements:
                cursor.execute(statement, (rows,))
            cursor.execute("COMMIT")
            written += group
        took = time.perf_counter() - began
    await database.close()
    return written / took


def _row() -> tuple[object, ...]:
    new = NewReport("Network", "Library", "The projector in room 12 shows only green")
    now = SystemClock().now()
    issue, (change,) = rules.report(new, new_id(), DEFAULT_CATALOG, ANYONE, now)
    return report_row(issue, change)
