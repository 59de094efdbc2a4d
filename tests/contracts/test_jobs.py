"""What every job engine does with what is put, cancelled, and failed for good."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.jobs import GiveUp, Job, NewJob, RetryPolicy
from quadrangle.sql.database import Database
from quadrangle.sql.jobs import SqlDeadLetters, SqlJobs, enqueue
from quadrangle.sql.worker import Worker

MINUTE = timedelta(minutes=1)


class Engine:
    """The engine with one function, `note`, that keeps what it was called with."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.jobs = SqlJobs(database, clock)
        self.dead_letters = SqlDeadLetters(database, clock)
        self.ran: list[Job] = []
        self.failing = False
        self.worker = Worker(
            database, {"note": self._note}, clock, policy=RetryPolicy(max_attempts=1)
        )

    async def _note(self, job: Job) -> None:
        if self.failing:
            raise GiveUp(f"{job.payload} will never do.")
        self.ran.append(job)

    async def put(self, *payloads: object, name: str | None = None, after=None) -> None:
        run_at = None if after is None else self.clock.now() + after
        await self.jobs.put(*(NewJob("note", {"it": p}, run_at, name) for p in payloads))

    async def run_due(self) -> list[object]:
        """Run what is due and return the payloads in the order they came."""
        self.ran.clear()
        await self.worker.run_due()
        return [job.payload["it"] for job in self.ran]

    async def bury(self, *payloads: object, name: str | None = None) -> list[int]:
        """Have jobs fail for good, one after another, and return their ids, last failed first."""
        self.failing = True
        for payload in payloads:
            self.clock.advance(MINUTE)
            await self.put(payload, name=name)
            await self.worker.run_due()
        self.failing = False
        page = await self.dead_letters.list(100, None)
        return [job.job_id for job in page.items]


@pytest.fixture
def engine(database: Database, clock: ManualClock) -> Engine:
    return Engine(database, clock)


async def test_a_job_runs_once_with_its_payload(engine: Engine) -> None:
    payload = {
        "text": "näive “quotes” \\ \u0000 😀",
        "list": [1, 2.5, None, True],
        "deep": {"a": {}},
    }
    await engine.jobs.put(NewJob("note", {"it": payload}))
    assert await engine.run_due() == [payload]
    assert engine.ran[0].attempt == 1
    assert engine.ran[0].run_at == engine.clock.now()
    assert await engine.run_due() == []


async def test_a_job_waits_until_it_is_due(engine: Engine) -> None:
    await engine.put("later", after=10 * MINUTE)
    assert await engine.run_due() == []
    engine.clock.advance(10 * MINUTE - timedelta(milliseconds=1))
    assert await engine.run_due() == []
    engine.clock.advance(timedelta(milliseconds=1))
    assert await engine.run_due() == ["later"]


async def test_jobs_run_in_the_order_they_are_due(engine: Engine) -> None:
    await engine.put("third", after=3 * MINUTE)
    await engine.put("first", after=1 * MINUTE)
    await engine.put("second", "second too", after=2 * MINUTE)
    engine.clock.advance(5 * MINUTE)
    assert await engine.run_due() == ["first", "second", "second too", "third"]


async def test_a_named_job_is_replaced_while_it_waits(engine: Engine) -> None:
    await engine.put("old", name="launch", after=MINUTE)
    await engine.put("other", name="safety-net", after=MINUTE)
    await engine.put("new", name="launch", after=2 * MINUTE)
    engine.clock.advance(MINUTE)
    assert await engine.run_due() == ["other"]
    engine.clock.advance(MINUTE)
    assert await engine.run_due() == ["new"]


async def test_the_last_of_one_name_in_one_put_counts(engine: Engine) -> None:
    await engine.put("a", "b", "c", name="one")
    await engine.put("x", "y")
    assert await engine.run_due() == ["c", "x", "y"]


async def test_a_name_can_be_used_again_after_it_ran(engine: Engine) -> None:
    await engine.put("first", name="again")
    await engine.run_due()
    await engine.put("second", name="again")
    assert await engine.run_due() == ["second"]


async def test_a_replaced_job_starts_over(engine: Engine) -> None:
    (dead,) = await engine.bury("old", name="launch")
    await engine.dead_letters.requeue(dead)
    await engine.put("new", name="launch")
    assert await engine.run_due() == ["new"]
    assert engine.ran[0].attempt == 1


async def test_cancel_removes_a_waiting_job(engine: Engine) -> None:
    await engine.put("never", name="launch", after=MINUTE)
    await engine.put("kept", name="safety-net", after=MINUTE)
    assert await engine.jobs.cancel("launch") is True
    assert await engine.jobs.cancel("launch") is False
    assert await engine.jobs.cancel("unheard of") is False
    engine.clock.advance(MINUTE)
    assert await engine.run_due() == ["kept"]


async def test_a_job_exists_only_if_its_transaction_commits(engine: Engine) -> None:
    def work(connection, then=None) -> None:
        enqueue(connection, engine.clock.now(), NewJob("note", {"it": then is None}))
        if then is not None:
            raise then

    with pytest.raises(IntegrityError):
        await engine.database.write(lambda c: work(c, IntegrityError("", {}, Exception())))
    await engine.database.write(work)
    assert await engine.run_due() == [True]


async def test_nothing_put_is_nothing_done(engine: Engine) -> None:
    await engine.jobs.put()
    assert await engine.run_due() == []


async def test_dead_jobs_wait_for_a_person(engine: Engine) -> None:
    await engine.bury("bad")
    engine.clock.advance(1000 * MINUTE)
    assert await engine.run_due() == []
    (job,) = (await engine.dead_letters.list(10, None)).items
    assert job.function == "note"
    assert job.payload == {"it": "bad"}
    assert job.attempts == 1
    assert job.last_error == "{'it': 'bad'} will never do."
    assert job.failed_at == engine.clock.now() - 1000 * MINUTE
    assert await engine.dead_letters.count() == 1


async def test_dead_jobs_come_in_pages_last_failed_first(engine: Engine) -> None:
    ids = await engine.bury(*range(5))
    seen: list[object] = []
    cursor = None
    while True:
        page = await engine.dead_letters.list(2, cursor)
        assert len(page.items) <= 2
        seen += [job.payload["it"] for job in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [4, 3, 2, 1, 0]
    assert len(set(ids)) == await engine.dead_letters.count() == 5


async def test_a_cursor_must_be_one_of_ours(engine: Engine) -> None:
    for cursor in ("nonsense", "WzEsMl0x", "WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "WzFd"):
        with pytest.raises(InvalidInput):
            await engine.dead_letters.list(10, cursor)


async def test_a_requeued_job_runs_with_all_attempts_before_it(engine: Engine) -> None:
    (dead,) = await engine.bury("mended")
    await engine.dead_letters.requeue(dead)
    assert await engine.dead_letters.count() == 0
    assert await engine.run_due() == ["mended"]
    assert engine.ran[0].attempt == 1


async def test_a_dead_job_does_not_push_aside_a_newer_one(engine: Engine) -> None:
    (dead,) = await engine.bury("old", name="launch")
    await engine.put("new", name="launch", after=MINUTE)
    with pytest.raises(Conflict):
        await engine.dead_letters.requeue(dead)
    assert await engine.dead_letters.count() == 1
    engine.clock.advance(MINUTE)
    assert await engine.run_due() == ["new"]


async def test_deleting_a_dead_job(engine: Engine) -> None:
    newest, oldest = await engine.bury("kept", "gone")
    await engine.dead_letters.delete(newest)
    page = await engine.dead_letters.list(10, None)
    assert [job.job_id for job in page.items] == [oldest]


@pytest.mark.parametrize("verb", ["requeue", "delete"])
async def test_only_dead_jobs_can_be_requeued_or_deleted(engine: Engine, verb: str) -> None:
    act = getattr(engine.dead_letters, verb)
    await engine.put("waiting")
    for job_id in (1, 2, 0, -1, 2**63 - 1, 2**63, 10**30):
        with pytest.raises(NotFound):
            await act(job_id)
    assert await engine.run_due() == ["waiting"]
    (dead,) = await engine.bury("bad")
    await act(dead)
    with pytest.raises(NotFound):
        await act(dead)
