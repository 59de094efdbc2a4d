"""How workers run jobs: leases, retries, stops, deaths, and a database that goes away."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest

from quadrangle.kernel.clock import ManualClock, SystemClock
from quadrangle.kernel.jobs import GiveUp, Job, NewJob, RetryLater, RetryPolicy
from quadrangle.sql.database import Database
from quadrangle.sql.instants import to_ms
from quadrangle.sql.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.migrate import migrate
from quadrangle.sql.signal import PostgresSignal
from quadrangle.sql.worker import Worker
from tests.sql.support import UnsteadyDatabase, eventually, rows

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=30)


class Held:
    """A handler that begins, tells so, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun: list[Job] = []
        self.ended = 0
        self.at_once = 0
        self.most_at_once = 0
        self.go = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.begun.append(job)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go.wait()
        finally:
            self.at_once -= 1
        self.ended += 1


@pytest.fixture
async def other(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, opened a second time as another process would."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def jobs(database: Database, clock: ManualClock) -> SqlJobs:
    return SqlJobs(database, clock)


# -- failures -------------------------------------------------------------------------------


async def test_a_failing_job_backs_off_and_ends_among_the_dead(database, jobs, clock) -> None:
    attempts: list[tuple[int, object]] = []

    async def fail(job: Job) -> None:
        attempts.append((job.attempt, clock.now()))
        raise ConnectionError("mail.campus.example refused")

    policy = RetryPolicy(max_attempts=4, first_delay_s=10, max_delay_s=25)
    worker = Worker(database, {"mail": fail}, clock, policy=policy)
    await jobs.put(NewJob("mail", {"to": "a"}))
    began = clock.now()
    for _ in range(100):
        await worker.run_due()
        clock.advance(SECOND)
    assert [attempt for attempt, _ in attempts] == [1, 2, 3, 4]
    at = [(instant - began).total_seconds() for _, instant in attempts]
    waits = [later - earlier for earlier, later in pairwise(at)]
    for wait, full in zip(waits, (10, 20, 25), strict=True):
        assert full / 2 <= wait <= full + 1
    (dead,) = (await SqlDeadLetters(database, clock).list(10, None)).items
    assert dead.attempts == 4
    assert dead.last_error == "ConnectionError: mail.campus.example refused"


async def test_each_function_has_its_own_policy(database, jobs, clock) -> None:
    async def fail(_: Job) -> None:
        raise ValueError("no")

    worker = Worker(
        database, {"once": fail, "often": fail}, clock, policy={"once": RetryPolicy(max_attempts=1)}
    )
    await jobs.put(NewJob("once", {}), NewJob("often", {}))
    await worker.run_due()
    found = await rows(database)
    assert [(row.function, row.state) for row in found] == [("once", "dead"), ("often", "ready")]


async def test_a_failed_job_keeps_its_error_while_it_waits(database, jobs, clock) -> None:
    async def fail(_: Job) -> None:
        raise ValueError("bad \x00 \ud800 thing")

    await jobs.put(NewJob("f", {}))
    await Worker(database, {"f": fail}, clock).run_due()
    (row,) = await rows(database)
    assert row.state == "ready"
    assert row.last_error == "ValueError: bad ? thing"


async def test_retry_later_does_not_count(database, jobs, clock) -> None:
    seen: list[int] = []

    async def not_yet(job: Job) -> None:
        seen.append(job.attempt)
        if len(seen) < 20:
            raise RetryLater(5 * SECOND, "The desktop is still starting.")

    worker = Worker(database, {"f": not_yet}, clock, policy=RetryPolicy(max_attempts=2))
    await jobs.put(NewJob("f", {}))
    for _ in range(20):
        assert await worker.run_due() == 1
        assert await worker.run_due() == 0
        clock.advance(5 * SECOND)
    assert seen == [1] * 20
    assert await rows(database) == []


async def test_give_up_goes_to_the_dead_at_once(database, jobs, clock) -> None:
    async def hopeless(_: Job) -> None:
        raise GiveUp("There is no such mailbox.")

    await jobs.put(NewJob("f", {}))
    await Worker(database, {"f": hopeless}, clock).run_due()
    (dead,) = (await SqlDeadLetters(database, clock).list(10, None)).items
    assert dead.last_error == "There is no such mailbox."
    assert dead.attempts == 1


async def test_an_unknown_function_goes_to_the_dead_with_a_sentence(database, jobs, clock) -> None:
    await jobs.put(NewJob("gone", {}))
    await Worker(database, {}, clock).run_due()
    (dead,) = (await SqlDeadLetters(database, clock).list(10, None)).items
    assert dead.last_error == "This version of Quadrangle has no function “gone”."


async def test_a_payload_that_is_no_object_harms_only_its_job(database, jobs, clock) -> None:
    ran = []

    async def note(job: Job) -> None:
        ran.append(job.payload)

    await jobs.put(NewJob("f", {}), NewJob("f", {"good": True}))
    await database.write(
        lambda c: c.exec_driver_sql("UPDATE jobs SET payload = '[broken' WHERE payload = '{}'")
    )
    await Worker(database, {"f": note}, clock).run_due()
    assert ran == [{"good": True}]
    (dead,) = await rows(database, "SELECT state FROM jobs")
    assert dead.state == "dead"


async def test_a_handler_that_cancels_itself_has_failed(database, jobs, clock) -> None:
    async def cancelled(_: Job) -> None:
        raise asyncio.CancelledError

    await jobs.put(NewJob("f", {}))
    await Worker(database, {"f": cancelled}, clock).run_due()
    (row,) = await rows(database)
    assert (row.state, row.attempts, row.last_error) == ("ready", 1, "CancelledError")


# -- names ----------------------------------------------------------------------------------


async def test_a_failed_job_gives_way_to_the_one_put_meanwhile(database, jobs, clock) -> None:
    ran = []

    async def replaced(job: Job) -> None:
        ran.append(job.payload["n"])
        if job.payload["n"] == 1:
            await jobs.put(NewJob("f", {"n": 2}, clock.now() + 60 * SECOND, "launch"))
            raise ValueError("no")

    worker = Worker(database, {"f": replaced}, clock, policy=RetryPolicy(first_delay_s=1))
    await jobs.put(NewJob("f", {"n": 1}, name="launch"))
    await worker.run_due()
    assert [row.payload for row in await rows(database)] == ['{"n":2}']
    clock.advance(60 * SECOND)
    await worker.run_due()
    assert ran == [1, 2]
    assert await rows(database) == []


async def test_of_two_running_jobs_of_one_name_only_the_newer_is_tried_again(
    database, jobs, clock
) -> None:
    for first_to_fail in ("old", "new"):
        held = {"old": asyncio.Event(), "new": asyncio.Event()}
        begun = []

        async def fail(job: Job, held=held, begun=begun) -> None:
            begun.append(job.payload["n"])
            await held[job.payload["n"]].wait()
            raise ValueError("no")

        worker = Worker(database, {"f": fail}, clock)
        running = asyncio.create_task(worker.run(stop := asyncio.Event()))
        await jobs.put(NewJob("f", {"n": "old"}, name="launch"))
        await eventually(lambda b=begun: b == ["old"], "the old one to begin")
        await jobs.put(NewJob("f", {"n": "new"}, name="launch"))
        await eventually(lambda b=begun: b == ["old", "new"], "the new one to begin")
        last = {"old": "new", "new": "old"}[first_to_fail]
        held[first_to_fail].set()

        async def left() -> int:
            return len([row for row in await rows(database) if row.state == "leased"])

        await eventually(lambda left=left: _equals(left, 1), "the first to fail")
        held[last].set()
        await eventually(lambda left=left: _equals(left, 0), "the second to fail")
        assert [(r.state, r.payload) for r in await rows(database)] == [("ready", '{"n":"new"}')]
        stop.set()
        await running
        assert await jobs.cancel("launch")


async def _equals(count, wanted: int) -> bool:
    return await count() == wanted


# -- leases ---------------------------------------------------------------------------------


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
    await eventually(lambda: _equals(lambda: _leased(database), 1), "the claim")
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
    await eventually(lambda: _equals(lambda: _count(database), 0), "the job to be done")
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
    await eventually(lambda: _equals(lambda: _count(database), 0), "all to be done")
    assert len(held.begun) == 1
    stop.set()
    await running


async def _count(database: Database) -> int:
    return len(await rows(database))


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
    command = (sys.executable, "-m", "tests.sql.sleeper", database_url, "1")
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


# -- many -----------------------------------------------------------------------------------


async def test_a_thousand_jobs_run_once_each_with_two_workers(database, other) -> None:
    clock = SystemClock()
    ran: Counter[int] = Counter()
    by: Counter[str] = Counter()

    def handler(name: str):
        async def note(job: Job) -> None:
            await asyncio.sleep(0)
            ran[job.payload["n"]] += 1
            by[name] += 1

        return note

    stop = asyncio.Event()
    workers = [
        asyncio.create_task(Worker(opened, {"f": handler(name)}, clock).run(stop))
        for name, opened in (("one", database), ("two", other))
    ]
    jobs = SqlJobs(database, clock)
    for start in range(0, 1000, 50):
        await jobs.put(*(NewJob("f", {"n": n}) for n in range(start, start + 50)))
        other.signal.send()
    await eventually(lambda: len(ran) == 1000, "all jobs to run")
    await eventually(lambda: _equals(lambda: _count(database), 0), "all jobs to be done")
    stop.set()
    await asyncio.gather(*workers)
    assert set(ran.values()) == {1}
    assert set(by) == {"one", "two"}


async def test_no_more_than_so_many_run_at_once(database, jobs, clock) -> None:
    held = Held()
    worker = Worker(database, {"f": held}, clock, concurrency=3)
    await jobs.put(*(NewJob("f", {}) for _ in range(10)))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await eventually(lambda: held.at_once == 3, "three to begin")
    database.signal.send()
    held.go.set()
    await eventually(lambda: held.ended == 10, "all to end")
    assert held.most_at_once == 3
    stop.set()
    await running


# -- waking and resting ---------------------------------------------------------------------


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
    await migrate(database)
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


# -- stopping -------------------------------------------------------------------------------


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


# -- a database that goes away --------------------------------------------------------------


async def test_a_worker_outlasts_a_database_that_is_away(database_url) -> None:
    database = UnsteadyDatabase(database_url)
    await migrate(database)
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
    await eventually(lambda: _equals(lambda: _count(database), 0), "the end to be written")
    await jobs.put(NewJob("f", {"n": 2}))
    await eventually(lambda: held.ended == 2, "the next job")
    assert [job.payload["n"] for job in held.begun] == [1, 2]
    stop.set()
    await running
    await database.close()


async def test_a_worker_outlasts_a_restart_of_postgresql(postgres_url) -> None:
    database = Database(postgres_url, signal=PostgresSignal(postgres_url))
    await migrate(database)
    clock, held = SystemClock(), Held()
    jobs = SqlJobs(database, clock)
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(database, {"f": held}, clock).run(stop))
    await jobs.put(NewJob("f", {"n": 1}))
    await eventually(lambda: held.begun, "the job to begin")
    server, name = postgres_url.rsplit("/", 1)
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
        return await _count(database) == 0
    except Exception:
        return False
