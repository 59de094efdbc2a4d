"""A worker in a process of its own, wired as in production, that counts what it runs."""

from __future__ import annotations

import asyncio
import multiprocessing as mp
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import Job
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import PostgresSignal, SocketSignal
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.jobs.worker import Worker

FUNCTION = "bench.note"
KIND = "bench.changed"


def open_database(url: str, folder: Path) -> Database:
    """Open the database as the processes of one machine do, signals between them included."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(url, signal=SocketSignal(folder / "run"))
    server = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    return Database(url, signal=PostgresSignal(server))


@contextmanager
def worker_process(url: str, folder: Path, expected: int) -> Iterator[Connection]:
    """Run a worker beside the block. The connection gives "ready", and once `expected` jobs of
    FUNCTION and reactions to KIND have run, how late each came, in ms by job id or change number.
    """
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_process, args=(url, folder, expected, theirs))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _process(url: str, folder: Path, expected: int, parent: Connection) -> None:
    asyncio.run(_run(url, folder, expected, parent))


async def _run(url: str, folder: Path, expected: int, parent: Connection) -> None:
    clock = SystemClock()
    late_ms: list[tuple[int, float]] = []
    all_ran = asyncio.Event()

    def count(number: int, late: float) -> None:
        late_ms.append((number, late))
        if len(late_ms) == expected:
            all_ran.set()

    async def note(job: Job) -> None:
        count(int(job.job_id), (clock.now() - job.run_at).total_seconds() * 1000)

    async def react(change: Change) -> None:
        count(change.seq, 0.0)

    database = open_database(url, folder)
    reaction = Reaction("bench.react", frozenset({KIND}), react)
    dispatcher = Dispatcher(database, [reaction], [], clock)
    worker = Worker(database, {FUNCTION: note, **dispatcher.handlers()}, clock)
    stop = asyncio.Event()
    tasks: list[Any] = [
        asyncio.create_task(dispatcher.run(stop)),
        asyncio.create_task(worker.run(stop)),
    ]
    parent.send("ready")
    ended = asyncio.create_task(all_ran.wait())
    await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*tasks)
    await database.close()
    await database.signal.close()
    parent.send(late_ms)
