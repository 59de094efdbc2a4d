"""How workers run jobs: failures, retries, names, many at once."""

import asyncio
from collections import Counter
from itertools import pairwise

from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import GiveUp, Job, NewJob, RetryLater, RetryPolicy
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.jobs.worker import Worker
from tests.sql.jobs.support import SECOND, Held, count_jobs, equals, eventually, rows


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

        await eventually(lambda left=left: equals(left, 1), "the first to fail")
        held[last].set()
        await eventually(lambda left=left: equals(left, 0), "the second to fail")
        assert [(r.state, r.payload) for r in await rows(database)] == [("ready", '{"n":"new"}')]
        stop.set()
        await running
        assert await jobs.cancel("launch")


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
    await eventually(lambda: equals(lambda: count_jobs(database), 0), "all jobs to be done")
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
