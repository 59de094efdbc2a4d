"""A process is heard of while all its loops come round, and silent when one hangs."""

import asyncio
from datetime import timedelta

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.jobs import Job, NewJob
from quadrangle.sql.base.heard import last_heard
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.pulse import LONGEST_ROUND_S, Pulse
from quadrangle.sql.jobs.worker import Worker
from tests.sql.jobs.support import eventually


async def test_who_works_is_heard_of(database, clock: ManualClock) -> None:
    pulse = Pulse(database, "worker", clock)
    assert await last_heard(database, "worker") is None
    assert await pulse.beat()
    assert await last_heard(database, "worker") == clock.now()
    clock.advance(timedelta(minutes=5))
    assert await pulse.beat()
    assert await last_heard(database, "worker") == clock.now()
    assert await last_heard(database, "another") is None


async def test_a_loop_that_hangs_makes_silent(database, clock: ManualClock) -> None:
    now = 0.0
    pulse = Pulse(database, "worker", clock, monotonic=lambda: now)
    works, hangs = pulse.follow("works"), pulse.follow("hangs")
    works()
    hangs()
    now = LONGEST_ROUND_S + 1
    works()
    assert not await pulse.beat()
    assert await last_heard(database, "worker") is None
    hangs()
    assert await pulse.beat()


async def test_the_loops_of_the_worker_come_round(database, clock: ManualClock) -> None:
    rounds: list[str] = []

    class Noting(Pulse):
        def follow(self, loop: str):
            return lambda: rounds.append(loop)

    async def nothing(job: Job) -> None:
        """Do nothing."""

    class Counting:
        name, kinds = "counting", frozenset[str]()

        def look(self, connection, changes) -> None:
            """Need nothing."""

        def apply(self, connection, changes, looked) -> None:
            """Keep nothing."""

    pulse, stop = Noting(database, "worker", clock), asyncio.Event()
    worker = Worker(database, {"f": nothing}, clock, comes_round=pulse.follow("jobs"))
    dispatcher = Dispatcher(database, [], [Counting()], clock, pulse)
    running = [asyncio.create_task(each.run(stop)) for each in (worker, dispatcher)]
    wanted = {"jobs", "changes"}
    await eventually(lambda: set(rounds) == wanted, "every loop")
    before = rounds.count("jobs")
    await SqlJobs(database, clock).put(NewJob("f", {}))
    await eventually(lambda: rounds.count("jobs") > before, "another round")
    stop.set()
    await asyncio.gather(*running)
