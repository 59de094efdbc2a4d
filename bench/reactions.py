"""How many changes per second go through dispatcher and worker, with a reaction that does nothing.

    python -m bench.reactions --changes 50000

On SQLite in a temporary folder, or on `--database postgresql://…`, which must be empty.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from bench.worker_process import KIND, open_database, worker_process
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.feed import feed

CHUNK = 1_000
PATIENCE_S = 600.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=50_000)
    parser.add_argument("--database", help="an empty PostgreSQL database; else SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'bench.db'}"
        asyncio.run(_measure(url, folder, options.changes))


async def _measure(url: str, folder: Path, changes: int) -> None:
    database = open_database(url, folder)
    await migrate(database)
    await _append(database, changes)
    with worker_process(url, folder, changes) as worker:
        worker.recv()
        began = time.perf_counter()
        if not await asyncio.to_thread(worker.poll, PATIENCE_S):
            raise SystemExit("The worker did not run all reactions in time.")
        seconds = time.perf_counter() - began
        numbers = {number for number, _ in worker.recv()}
    await database.close()
    await database.signal.close()
    print(
        f"{database.dialect}: {changes:,} changes in {seconds:.1f} s, "
        f"{changes / seconds:,.0f}/s; {changes - len(numbers)} run twice"
    )


async def _append(database: Database, changes: int) -> None:
    """Save changes of the size that a report of an issue has."""
    for start in range(0, changes, CHUNK):
        data = {"issueType": "Network", "location": "Library", "description": "x" * 150}
        at = to_text(SystemClock().now())
        records = [
            Change(KIND, new_id(), data, "Reporter", at) for _ in range(min(CHUNK, changes - start))
        ]
        await database.write(lambda c, r=records: feed.append(c, *r))


if __name__ == "__main__":
    main()
