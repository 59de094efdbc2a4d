"""Leases of jobs: one worker holds a job, and what becomes of it when the holder is gone."""

import asyncio
import sys
from datetime import timedelta

import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import GiveUp, Job, NewJob, RetryPolicy
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.jobs.worker import Worker
from tests.sql.jobs.support import (
    SECOND,
    Held,
    UnsteadyDatabase,
    count_jobs,
    equals,
    eventually,
    rows,
)

LEASE = timedelta(seconds=30)


async def test_a_lease_that_expires_is_taken_back_and_its_old_holder_changes_nothing(
    database, other, jobs, clock
) -> None:
    late, prompt = Held(), Held()
    first = Worker(database, {"f": late}, clock, lease_s=30)
    second = Worker(other, {"f": prompt}, clock, lease_s=30)
    await jobs.put(NewJob("f", {}))
    late_run = asyncio.create_task(first.run_due())
    await eventually(lambda: late.begun, "the first worker to begin")
    clock.advance(LEASE - SECOND)
    assert await second.run_due() == 0
    clock.advance(SECOND)
    prompt_run = asyncio.create_task(second.run_due())
    await eventually(lambda: prompt.begun, "the second worker to begin")
    assert [job.attempt for job in prompt.begun] == [2]

    before = await rows(database)
    late.go.set()
    await late_run
    assert late.ended == 1
    assert await rows(database) == before

    prompt.go.set()
    await prompt_run
    assert await rows(database) == []


async def test_a_failure_after_the_lease_was_lost_changes_nothing(
    database, other, jobs, clock
) -> None:
    go = asyncio.Event()

    async def fail_late(_: Job) -> None:
        await go.wait()
        raise GiveUp("too late")

    held = Held()
    await jobs.put(NewJob("f", {}))
    late_run = asyncio.create_task(Worker(database, {"f": fail_late}, clock).run_due())
    await eventually(lambda: equals(lambda: _leased(database), 1), "the claim")
    clock.advance(LEASE)
    prompt_run = asyncio.create_task(Worker(other, {"f": held}, clock).run_due())
    await eventually(lambda: held.begun, "the second worker to begin")
    go.set()
    await late_run
    assert await _leased(database) == 1
    held.go.set()
    await prompt_run
    assert await rows(database) == []


async def _leased(database: Database) -> int:
    return len(await rows(database, "SELECT 1 FROM jobs WHERE state = 'leased'"))


async def test_a_job_longer_than_its_lease_is_run_by_one_worker_only(
    database, other, jobs, clock
) -> None:
    held = Held()
    first = Worker(database, {"f": held}, clock, lease_s=30)
    second = Worker(other, {"f": held}, clock, lease_s=30)
    stop = asyncio.Event()
    running = asyncio.create_task(first.run(stop))
    await jobs.put(NewJob("f", {}))
    await eventually(lambda: held.begun, "the job to begin")
    for _ in range(10):
        clock.advance(LEASE / 2)
        database.signal.send()

        async def renewed() -> bool:
            (row,) = await rows(database)
            return row.leased_until == to_ms(clock.now() + LEASE)

        await eventually(renewed, "the lease to be renewed")
        assert await second.run_due() == 0
    held.go.set()
    await eventually(lambda: equals(lambda: count_jobs(database), 0), "the job to be done")
    stop.set()
    await running
    assert (len(held.begun), held.ended, held.most_at_once) == (1, 1, 1)


async def test_short_jobs_do_not_keep_a_long_one_from_its_renewal(
    database, other, jobs, clock
) -> None:
    held, short = Held(), Held()
    short.go.set()
    handlers = {"long": held, "short": short}
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, handlers, clock, lease_s=30).run(stop))
    await jobs.put(NewJob("long", {}))
    await eventually(lambda: held.begun, "the long job to begin")
    for number in range(1, 13):
        clock.advance(LEASE / 6)
        await jobs.put(NewJob("short", {}))
        await eventually(lambda n=number: short.ended == n, "the short job")
        assert await Worker(other, handlers, clock, lease_s=30).run_due() == 0
    held.go.set()
    await eventually(lambda: equals(lambda: count_jobs(database), 0), "all to be done")
    assert len(held.begun) == 1
    stop.set()
    await running


async def test_a_worker_that_finds_its_lease_lost_stops_the_handler(
    database, other, jobs, clock
) -> None:
    lost, taken = Held(), Held()
    first = Worker(database, {"f": lost}, clock, lease_s=30)
    stop = asyncio.Event()
    running = asyncio.create_task(first.run(stop))
    await jobs.put(NewJob("f", {}))
    await eventually(lambda: lost.begun, "the job to begin")
    clock.advance(LEASE)
    taking = asyncio.create_task(Worker(other, {"f": taken}, clock).run_due())
    await eventually(lambda: taken.begun, "the other worker to take it")
    database.signal.send()
    await eventually(lambda: lost.at_once == 0, "the handler to be stopped")
    assert lost.ended == 0
    taken.go.set()
    await taking
    assert await rows(database) == []
    stop.set()
    await running


async def test_a_job_that_kills_its_workers_ends_among_the_dead(
    database, database_url, jobs, clock
) -> None:
    """Each claim uses an attempt, also when nobody lives to tell how it ended."""
    policy = RetryPolicy(max_attempts=3)
    await jobs.put(NewJob("f", {}))
    for attempt in (1, 2, 3):
        held = Held()
        own = UnsteadyDatabase(database_url)
        run = asyncio.create_task(Worker(own, {"f": held}, clock, policy=policy).run_due())
        await eventually(lambda h=held: h.begun, "the job to begin")
        assert held.begun[0].attempt == attempt
        own.away = True  # its process dies: nothing it does any more reaches the database
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        await own.close()
        clock.advance(LEASE)
    assert await Worker(database, {}, clock, policy=policy).run_due() == 0
    (dead,) = (await SqlDeadLetters(database, clock).list(10, None)).items
    assert dead.attempts == 3
    assert dead.last_error == "The worker that ran this job ended before the job did."


async def test_a_killed_worker_process_loses_only_its_lease(database, database_url) -> None:
    clock = SystemClock()
    ran: list[int] = []

    async def note(job: Job) -> None:
        ran.append(job.attempt)

    await SqlJobs(database, clock).put(NewJob("sleep", {}))
    command = (sys.executable, "-m", "tests.sql.jobs.sleeper", database_url, "1")
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert await asyncio.wait_for(child.stdout.readline(), 30) == b"begun\n"
    finally:
        child.kill()
        await child.wait()
    worker = Worker(database, {"sleep": note}, clock)
    assert await worker.run_due() == 0 or ran == [2]
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await eventually(lambda: ran, "the job to run again")
    assert ran == [2]
    stop.set()
    await running
    assert await rows(database) == []
