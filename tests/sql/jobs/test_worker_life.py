"""How a worker waits, stops, and outlasts a database that goes away."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import Job, NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import PostgresSignal
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.worker import Worker
from tests.sql.jobs.support import Held, UnsteadyDatabase, count_jobs, equals, eventually, rows


async def test_a_running_worker_wakes_on_commits_and_at_due_times(database) -> None:
    clock = SystemClock()
    late: list[float] = []

    async def note(job: Job) -> None:
        late.append((clock.now() - job.run_at).total_seconds())

    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, {"f": note}, clock).run(stop))
    jobs = SqlJobs(database, clock)
    await jobs.put(NewJob("f", {}))
    await eventually(lambda: len(late) == 1, "the job put just now")
    await jobs.put(NewJob("f", {}, clock.now() + timedelta(seconds=0.4)))
    await eventually(lambda: len(late) == 2, "the job due soon")
    assert all(seconds >= 0 for seconds in late)
    stop.set()
    await running


async def test_an_idle_worker_leaves_the_database_alone(database_url) -> None:
    database = UnsteadyDatabase(database_url)
    clock = SystemClock()
    await SqlJobs(database, clock).put(NewJob("f", {}, clock.now() + timedelta(hours=1)))
    stop = asyncio.Event()
    database.asked = 0
    running = asyncio.create_task(Worker(database, {}, clock).run(stop))
    await eventually(lambda: database.asked, "the first look")
    await asyncio.sleep(0.5)
    assert database.asked <= 3
    stop.set()
    await running
    await database.close()


async def test_a_stopping_worker_lets_handlers_end_and_begins_nothing(
    database, jobs, clock
) -> None:
    held = Held()
    worker = Worker(database, {"f": held}, clock, concurrency=2)
    await jobs.put(NewJob("f", {"n": 1}))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop, grace_s=60))
    await eventually(lambda: held.begun, "the job to begin")
    stop.set()
    await jobs.put(NewJob("f", {"n": 2}))
    for _ in range(20):
        await asyncio.sleep(0.01)
        database.signal.send()
    held.go.set()
    await running
    assert held.ended == 1
    (row,) = await rows(database)
    assert (row.state, row.attempts, row.payload) == ("ready", 0, '{"n":2}')


async def test_what_does_not_end_in_time_is_given_back_uncounted(
    database, other, jobs, clock
) -> None:
    held, prompt = Held(), Held()
    prompt.go.set()
    await jobs.put(NewJob("f", {}), NewJob("f", {}))
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, {"f": held}, clock).run(stop, grace_s=0.05))
    await eventually(lambda: held.at_once == 2, "both to begin")
    stop.set()
    await running
    assert (held.at_once, held.ended) == (0, 0)
    assert [(r.state, r.attempts, r.lease) for r in await rows(database)] == [
        ("ready", 0, None),
        ("ready", 0, None),
    ]
    assert await Worker(other, {"f": prompt}, clock).run_due() == 2
    assert [job.attempt for job in prompt.begun] == [1, 1]


async def test_a_cancelled_worker_gives_its_leases_back(database, jobs, clock) -> None:
    held = Held()
    await jobs.put(NewJob("f", {}))
    running = asyncio.create_task(Worker(database, {"f": held}, clock).run(asyncio.Event()))
    await eventually(lambda: held.begun, "the job to begin")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (row,) = await rows(database)
    assert (row.state, row.attempts) == ("ready", 0)


async def test_a_worker_outlasts_a_database_that_is_away(database_url) -> None:
    database = UnsteadyDatabase(database_url)
    clock, held = SystemClock(), Held()
    jobs = SqlJobs(database, clock)
    await jobs.put(NewJob("f", {"n": 1}))
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, {"f": held}, clock).run(stop))
    await eventually(lambda: held.begun, "the job to begin")
    database.away, database.asked = True, 0
    held.go.set()  # it ends while its end cannot be written
    await eventually(lambda: database.asked >= 3, "the worker to try again")
    database.away = False
    await eventually(lambda: equals(lambda: count_jobs(database), 0), "the end to be written")
    await jobs.put(NewJob("f", {"n": 2}))
    await eventually(lambda: held.ended == 2, "the next job")
    assert [job.payload["n"] for job in held.begun] == [1, 2]
    stop.set()
    await running
    await database.close()


async def test_a_worker_outlasts_a_restart_of_postgresql(migrated_postgresql) -> None:
    database = Database(migrated_postgresql, signal=PostgresSignal(migrated_postgresql))
    clock, held = SystemClock(), Held()
    jobs = SqlJobs(database, clock)
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, {"f": held}, clock).run(stop))
    await jobs.put(NewJob("f", {"n": 1}))
    await eventually(lambda: held.begun, "the job to begin")
    server, name = migrated_postgresql.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        held.go.set()
        await eventually(lambda: held.ended == 1, "the job to end")
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await eventually(lambda: _written(database), "the end to be written")
    await jobs.put(NewJob("f", {"n": 2}))
    await eventually(lambda: held.ended == 2, "the next job")
    assert [job.payload["n"] for job in held.begun] == [1, 2]
    stop.set()
    await running
    await database.close()
    await database.signal.close()


async def _written(database: Database) -> bool:
    try:
        return await count_jobs(database) == 0
    except Exception:
        return False
