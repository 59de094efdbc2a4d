"""How late one-off schedules start, with a million of others waiting.

    python -m bench.scheduling --pending 1000000 --due 3000 --seconds 30

On SQLite in a temporary folder, or on `--database postgresql://…`, which must be empty. The worker
runs in a process of its own. Start and due time are read from one clock.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.worker_process import FUNCTION, open_database, worker_process
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.jobs import leases
from quadrangle.sql.jobs.jobs import SqlJobs

AIM_P99_MS = 150
CHUNK = 5_000
DAYS = 14
LEAD_S = 3.0  # until the first of the due jobs
PATIENCE_S = 60.0


def main() -> int:
    """Measure and print; the exit status is 1 when the aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pending", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=3_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--database", help="an empty PostgreSQL database; else SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'bench.db'}"
        late = asyncio.run(_measure(url, folder, options))
    return 0 if late[int(len(late) * 0.99)] <= AIM_P99_MS else 1


async def _measure(url: str, folder: Path, options: argparse.Namespace) -> list[float]:
    database = open_database(url, folder)
    await migrate(database)
    if await database.read(lambda c: c.exec_driver_sql("SELECT 1 FROM jobs LIMIT 1").first()):
        sys.exit("The database holds jobs already; please name an empty one.")
    began = time.perf_counter()
    await _put_pending(database, options.pending)
    filled_s = time.perf_counter() - began
    print(f"{options.pending:,} jobs put in {filled_s:.1f} s", flush=True)
    await _print_plans(database)
    with worker_process(url, folder, options.due) as worker:
        await _receive(worker, PATIENCE_S)
        await _put_due(database, options.due, options.seconds)
        ran = await _receive(worker, LEAD_S + options.seconds + PATIENCE_S)
    await database.close()
    await database.signal.close()
    return _print_table(database.dialect, options, ran)


async def _put_pending(database: Database, pending: int) -> None:
    """Put named jobs at random instants of the days to come, none of them due in this run."""
    jobs, clock = SqlJobs(database, SystemClock()), SystemClock()
    first = clock.now() + timedelta(hours=1)
    for start in range(0, pending, CHUNK):
        await jobs.put(
            *(
                NewJob(
                    "bench.later",
                    {"number": number},
                    first + timedelta(days=DAYS * random.random()),
                    f"later-{number}",
                )
                for number in range(start, min(pending, start + CHUNK))
            )
        )


async def _put_due(database: Database, due: int, seconds: float) -> None:
    clock = SystemClock()
    first = clock.now() + timedelta(seconds=LEAD_S)
    await SqlJobs(database, clock).put(
        *(
            NewJob(
                FUNCTION, {}, first + timedelta(seconds=seconds * random.random()), f"due-{number}"
            )
            for number in range(due)
        )
    )


async def _receive(worker, seconds: float):
    if not await asyncio.to_thread(worker.poll, seconds):
        sys.exit("The worker did not run all jobs in time.")
    return worker.recv()


async def _print_plans(database: Database) -> None:
    """Print how the database finds what is due and when to look again."""
    for what, statement in (
        ("claim", leases.DUE.replace(":now", "0").replace(":limit", "16")),
        ("look", leases.OUTLOOK),
    ):
        explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
        rows = await database.read(lambda c, s=explain + statement: c.exec_driver_sql(s).all())
        for row in rows:
            print(f"  {what:5} {row[-1]}")


def _print_table(dialect: str, options: argparse.Namespace, ran) -> list[float]:
    late = sorted(ms for _, ms in ran)
    again = len(ran) - len({job_id for job_id, _ in ran})
    early = sum(ms < 0 for ms in late)
    print(f"{dialect}: {len(late):,} jobs due over {options.seconds:g} s, {early} early, ", end="")
    print(f"{again} run twice; start after due time in ms:")
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0)):
        print(f"  {name} {late[min(len(late) - 1, int(len(late) * share))]:8.1f}")
    print(f"  aim: p99 at most {AIM_P99_MS}")
    return late


if __name__ == "__main__":
    sys.exit(main())
