"""Whether the worker keeps up: how far it is behind while reports come at a steady rate, and how
long it takes to catch up after all that the server can take.

    python -m bench.keeping_up [--rate 300] [--steady 30] [--full 45] [--connections 32]

On SQLite in a temporary folder. Every fifth of a second the lag is read from the database, beside
the server. It ends after catching up, or after PATIENCE_S of that.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bench.ours import REPORT, Server, quadrangle
from bench.peers.load import measure
from quadrangle.kernel.clock import SystemClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.two_files import follower_of
from quadrangle.sql.base.urls import sqlite_url
from quadrangle.sql.feed.lag import Behind, behind

CONSUMERS = ("reactions", "issue-read-model", "audit")
LOOK_S = 0.2
PATIENCE_S = 300.0
SENDERS = 32
SETTLE_S = 10.0  # for the last answers
REPORTED = msgspec.json.decode(REPORT)


class Seen(msgspec.Struct):
    """What was seen while something went on; `asked` and `answered` count reports."""

    lags: list[Behind] = []
    answered: int = 0
    failed: int = 0
    seconds: float = 0.0

    def told(self) -> str:
        late = sorted(each.seconds for each in self.lags)
        most = max((each.changes for each in self.lags), default=0)
        middle = late[len(late) // 2] if late else 0.0
        return (
            f"{self.answered / self.seconds:,.0f} reports/s for {self.seconds:.0f} s"
            f" ({self.failed} failed); oldest waiting change: median {middle:.2f} s,"
            f" most {max(late, default=0.0):.2f} s; most changes behind: {most:,}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=300, help="reports a second")
    parser.add_argument("--steady", type=int, default=30, help="seconds of that rate")
    parser.add_argument("--full", type=int, default=45, help="seconds of full load")
    parser.add_argument("--connections", type=int, default=32, help="at full load")
    options = parser.parse_args()
    print(run(options.rate, options.steady, options.full, options.connections))


def run(rate: int = 300, steady_s: int = 30, full_s: int = 45, connections: int = 32) -> str:
    """Measure and return lines in Markdown."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder, server = Path(name), quadrangle()
        base = server.start(folder)
        try:
            return asyncio.run(_measured(server, base, folder, rate, steady_s, full_s, connections))
        finally:
            server.stop()


def _following(facts: Path) -> Database:
    """What follows from the facts, opened as the server does."""
    return Database(sqlite_url(follower_of(str(facts))), facts=str(facts))


async def _measured(
    server: Server,
    base: str,
    folder: Path,
    rate: int,
    steady_s: int,
    full_s: int,
    connections: int,
) -> str:
    database = _following(folder / "data" / "quadrangle.db")
    call = server.create_request()

    async def at_once() -> Seen:
        began = time.perf_counter()
        rates = await asyncio.to_thread(
            measure, base, call, connections=connections, seconds=full_s, workdir=folder
        )
        seconds = time.perf_counter() - began
        return Seen([], round(rates.per_second * full_s), rates.failed, seconds)

    try:
        await _post(base, 1, 1)  # the worker starts after the server
        await _caught_up(database)
        steady = await _watched(database, lambda: _post(base, rate, steady_s))
        await _caught_up(database)
        full = await _watched(database, at_once)
        before, seconds = await _caught_up(database)
    finally:
        await database.close()
    rest = f"{before.changes:,} changes behind at its end, followed in {seconds:.1f} s"
    lines = [f"- steady: {steady.told()}", f"- full load: {full.told()}; {rest}"]
    return "\n".join(["### The worker keeps up", "", *lines])


async def _watched(database: Database, work: Callable[[], Awaitable[Seen]]) -> Seen:
    lags: list[Behind] = []

    async def look() -> None:
        while True:
            lags.append(await _behind(database))
            await asyncio.sleep(LOOK_S)

    looking = asyncio.create_task(look())
    try:
        seen = await work()
    finally:
        looking.cancel()
    seen.lags = lags
    return seen


async def _behind(database: Database) -> Behind:
    return max((await behind(database, CONSUMERS, SystemClock().now())).values())


async def _caught_up(database: Database) -> tuple[Behind, float]:
    """Return how far the worker is behind, and in how many seconds it is no more."""
    first, began = await _behind(database), time.perf_counter()
    while (await _behind(database)).changes:
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit(f"The worker has not caught up within {PATIENCE_S:.0f} s.")
        await asyncio.sleep(LOOK_S)
    return first, time.perf_counter() - began


async def _post(base: str, rate: int, seconds: int) -> Seen:
    """Send reports at their times, whether or not those before were answered, each with an address
    of its own: so two mails follow from each."""
    seen, due = Seen(), asyncio.Queue[int]()
    senders = [asyncio.create_task(_sender(base, due, seen)) for _ in range(SENDERS)]
    began = time.perf_counter()
    for number in range(rate * seconds):
        early = began + number / rate - time.perf_counter()
        if early > 0:
            await asyncio.sleep(early)
        due.put_nowait(number)
    async with asyncio.timeout(SETTLE_S):
        await due.join()
    seen.seconds = time.perf_counter() - began
    for sender in senders:
        sender.cancel()
    return seen


async def _sender(base: str, due: asyncio.Queue[int], seen: Seen) -> None:
    """Send what is due, one after another on one connection."""
    where = urlsplit(base)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    while True:
        number = await due.get()
        body = msgspec.json.encode(
            {**REPORTED, "email": f"reporter-{number}@campus.example", "name": f"Reporter {number}"}
        )
        writer.write(
            b"POST /report-issue HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        seen.answered += b" 200 " in head[:16]
        seen.failed += b" 200 " not in head[:16]
        due.task_done()


if __name__ == "__main__":
    main()
