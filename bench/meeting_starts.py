"""How late launches begin, with a hundred thousand meetings still to come.

The worker runs in a process of its own, with the reconciler of production and machines that are
there at once. Late is a launch by the moment its machine is ordered. One clock.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import random
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bench.many_meetings import POLICY, new_meeting, save, spread
from bench.worker_process import open_database
from quadrangle.kernel.clock import SystemClock
from quadrangle.meetings.core import BackgroundParts, MeetingBackground
from quadrangle.meetings.desktops.model import Machine, MachineState, Placement
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import MeetingRole, Workspace
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.window_rules import launch_at
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.worker import Worker
from quadrangle.sql.meetings.launch_times import SqlLaunchTimes
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.reap_log import SqlReapLog
from quadrangle.sql.meetings.reap_marks import SqlReapMarks
from quadrangle.sql.meetings.store import SqlMeetingStore

PENDING = 100_000
DUE = 300  # in half a minute: a lecture's worth of tutoring that begins together
OVER_S = 30
FIRST_S = 5  # until the first of them
PATIENCE_S = 120
TEACHERS = 500
AIM_MS = 150


def run() -> str:
    """Measure and return a section of the page of results."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        late = sorted(asyncio.run(_measure(Path(name))))
    figures = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("latest", 1.0)]
    lines = [
        f"### Launches that begin, {PENDING:,} meetings pending",
        "",
        f"{len(late):,} desktops of {DUE} meetings over {OVER_S} s; how late each was ordered.",
        "",
        "| | ms |",
        "|---|---|",
    ]
    for label, share in figures:
        figure = late[min(len(late) - 1, int(len(late) * share))]
        aim = f" (aim: under {AIM_MS})" if label == "p99" else ""
        lines.append(f"| {label}{aim} | {figure:.0f} |")
    return "\n".join(lines) + "\n"


async def _measure(folder: Path) -> list[float]:
    url = f"sqlite:///{folder / 'bench.db'}"
    async with _opened(url, folder) as database:
        await migrate(database)
        await save(database, spread(PENDING, TEACHERS))
        context = mp.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_process, args=(url, folder, theirs))
        process.start()
        theirs.close()
        try:
            await _receive(ours)
            await save(database, _due())
            return await _receive(ours)
        finally:
            process.terminate()
            process.join()


@asynccontextmanager
async def _opened(url: str, folder: Path) -> AsyncIterator[Database]:
    database = open_database(url, folder)
    try:
        yield database
    finally:
        await database.close()
        await database.signal.close()


def _due() -> Iterator[NewMeeting]:
    chance = random.Random(7)
    first = SystemClock().now() + timedelta(seconds=FIRST_S) + POLICY.lead_of(Workspace.TERMINAL)
    for number in range(DUE):
        start = first + timedelta(seconds=OVER_S * chance.random())
        yield new_meeting(start, f"due-{number}", f"due-student-{number}")


async def _receive(worker: Connection):
    if not await asyncio.to_thread(worker.poll, FIRST_S + OVER_S + PATIENCE_S):
        raise TimeoutError("The worker did not order all desktops in time.")
    return worker.recv()


class _InstantDesktops:
    """Machines that are there as soon as they are ordered. Implements Desktops, and Routes."""

    def __init__(self, store: SqlMeetingStore) -> None:
        self._store = store
        self._machines: dict[str, Machine] = {}
        self.late_ms: list[float] = []
        self.all_ordered = asyncio.Event()

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        return [Placement()]

    async def launch(self, order: LaunchOrder) -> str:
        now = SystemClock().now()
        meeting = await self._store.get(order.meeting_id)
        assert meeting is not None
        self._machines[order.token] = _machine(order)
        self.late_ms.append((now - launch_at(meeting, POLICY)).total_seconds() * 1000)
        if len(self.late_ms) == 2 * DUE:
            self.all_ordered.set()
        return order.token

    async def find(self, token: str) -> Machine | None:
        return self._machines.get(token)

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        return {name: self._machines[name] for name in machine_ids if name in self._machines}

    async def list_ours(self) -> list[Machine]:
        return list(self._machines.values())

    async def terminate(self, machine_id: str) -> None:
        self._machines.pop(machine_id, None)

    async def answers(self, machine: Machine) -> bool:
        return True

    async def point(self, machine: Machine) -> str:
        return f"http://127.0.0.1/{machine.machine_id}"

    async def take_off(self, machine: Machine) -> None:
        return


def _machine(order: LaunchOrder) -> Machine:
    return Machine(
        machine_id=order.token,
        meeting_id=order.meeting_id,
        role=MeetingRole(order.role),
        generation=order.generation,
        token=order.token,
        state=MachineState.RUNNING,
        address="127.0.0.1",
    )


def _process(url: str, folder: Path, parent: Connection) -> None:
    asyncio.run(_work(url, folder, parent))


async def _work(url: str, folder: Path, parent: Connection) -> None:
    clock = SystemClock()
    async with _opened(url, folder) as database:
        store = SqlMeetingStore(database)
        desktops = _InstantDesktops(store)
        background = MeetingBackground(
            BackgroundParts(
                store=store,
                presence=SqlPresenceStore(database),
                launch_times=SqlLaunchTimes(database),
                marks=SqlReapMarks(database),
                reaped=SqlReapLog(database),
                desktops=desktops,
                routes=desktops,
                jobs=SqlJobs(database, clock),
                clock=clock,
                policy=POLICY,
            )
        )
        stop = asyncio.Event()
        working = asyncio.create_task(Worker(database, background.handlers(), clock).run(stop))
        parent.send("ready")
        ordered = asyncio.create_task(desktops.all_ordered.wait())
        await asyncio.wait([ordered, working], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await working
    parent.send(desktops.late_ms)
