"""What every job engine does with what is put, cancelled, and failed for good."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.jobs.begun import begun_in
from quadrangle.aws.jobs.dead_letters import SqsDeadLetters
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.messages import decode
from quadrangle.aws.jobs.queues import Queues
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import DeadLetters, GiveUp, Job, Jobs, NewJob, RetryPolicy
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs, enqueue
from quadrangle.sql.jobs.worker import Worker
from tests.databases import Migrated
from tests.standin.queues import as_event, make_jobs, make_queues
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

MINUTE = timedelta(minutes=1)


class Engine:
    """An engine with one function, `note`, that keeps what it was called with."""

    jobs: Jobs
    dead_letters: DeadLetters

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.ran: list[Job] = []
        self.failing = False

    async def note(self, job: Job) -> None:
        if self.failing:
            raise GiveUp(f"{job.payload} will never do.")
        self.ran.append(job)

    async def work(self) -> None:
        """Run what is due."""
        raise NotImplementedError

    async def put(self, *payloads: object, name: str | None = None, after=None) -> None:
        run_at = None if after is None else self.clock.now() + after
        await self.jobs.put(*(NewJob("note", {"it": p}, run_at, name) for p in payloads))

    async def run_due(self) -> list[object]:
        """Run what is due and return the payloads in the order they came."""
        self.ran.clear()
        await self.work()
        return [job.payload["it"] for job in self.ran]

    async def bury(self, *payloads: object, name: str | None = None) -> list[str]:
        """Have jobs fail for good, one after another, and return their ids, last failed first."""
        self.failing = True
        for payload in payloads:
            self.clock.advance(MINUTE)
            await self.put(payload, name=name)
            await self.work()
        self.failing = False
        page = await self.dead_letters.list(100, None)
        return [job.job_id for job in page.items]


class SqlEngine(Engine):
    def __init__(self, database: Database, clock: ManualClock) -> None:
        super().__init__(clock)
        self.database = database
        self.jobs = SqlJobs(database, clock)
        self.dead_letters = SqlDeadLetters(database, clock)
        once = RetryPolicy(max_attempts=1)
        self._worker = Worker(database, {"note": self.note}, clock, policy=once)

    async def work(self) -> None:
        await self._worker.run_due()


class AwsEngine(Engine):
    """Queues of the stand-in. Its schedules are made for a year that has not come, so it sends
    none of them itself: they are sent from here when the manual clock has come so far."""

    def __init__(self, standin: StandIn, clock: ManualClock) -> None:
        super().__init__(clock)
        made = make_queues(standin)
        self._sqs = standin.client("sqs")
        self._scheduler = standin.client("scheduler")
        self._made = made
        self.jobs = make_jobs(standin, made, clock, "note")
        queues, dynamodb = Queues(self._sqs), standin.client("dynamodb")
        self.dead_letters = SqsDeadLetters(queues, made.dead_url, self.jobs)
        self._runner = JobRunner(
            queues,
            Route(made.url, made.dead_url),
            {"note": self.note},
            self.jobs.waits,
            clock,
            begun_in(Dynamo(dynamodb), Tables(make_tables(dynamodb, "Attempts")), clock),
            policy=RetryPolicy(max_attempts=1),
        )

    async def work(self) -> None:
        self._send_due()
        while received := self._receive():
            answer = await self._runner.handle(as_event(received))
            staying = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            for each in received:
                if each["MessageId"] not in staying:
                    self._sqs.delete_message(
                        QueueUrl=self._made.url, ReceiptHandle=each["ReceiptHandle"]
                    )

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._made.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return answer.get("Messages", [])

    def _send_due(self) -> None:
        """Do what the scheduler does, within the minute after the time of each schedule."""
        found = self._scheduler.list_schedules(GroupName=self._made.group)["Schedules"]
        for name in (each["Name"] for each in found if each["GroupName"] == self._made.group):
            key = {"Name": name, "GroupName": self._made.group}
            schedule = self._scheduler.get_schedule(**key)
            at = datetime.strptime(schedule["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)")
            body = schedule["Target"]["Input"]
            due = decode(body).due
            assert at.replace(tzinfo=UTC) >= due
            # a job that is due at once has a schedule within the minute: that minute passes here
            if due <= self.clock.now():
                self._scheduler.delete_schedule(**key)
                self._sqs.send_message(QueueUrl=self._made.url, MessageBody=body)


@pytest.fixture
def sql_engine(database: Database, clock: ManualClock) -> SqlEngine:
    return SqlEngine(database, clock)


@pytest.fixture(params=["sqlite", "postgresql", "sqs"])
async def engine(request: pytest.FixtureRequest, clock: ManualClock, migrated: Migrated):
    if request.param == "sqs":
        clock.advance(timedelta(days=3650))
        yield AwsEngine(request.getfixturevalue("standin"), clock)
        return
    database = Database(migrated(request.param))
    yield SqlEngine(database, clock)
    await database.close()


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
    # longer than a queue holds a message back; tests/aws has the waits that pass in a queue
    await engine.put("later", after=20 * MINUTE)
    assert await engine.run_due() == []
    engine.clock.advance(20 * MINUTE - timedelta(milliseconds=1))
    assert await engine.run_due() == []
    engine.clock.advance(timedelta(milliseconds=1))
    assert await engine.run_due() == ["later"]


async def test_jobs_run_in_the_order_they_are_due(sql_engine: SqlEngine) -> None:
    # SQL only: a queue of SQS has no order
    engine = sql_engine
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
    assert sorted(await engine.run_due()) == ["c", "x", "y"]


async def test_jobs_due_at_once_run_in_the_order_they_were_put(sql_engine: SqlEngine) -> None:
    # SQL only, as above
    await sql_engine.put("a", "b", "c", name="one")
    await sql_engine.put("x", "y")
    assert await sql_engine.run_due() == ["c", "x", "y"]


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


async def test_a_job_exists_only_if_its_transaction_commits(sql_engine: SqlEngine) -> None:
    engine = sql_engine

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
    for job_id in ("1", "2", "0", "-1", "x", "", "²", str(2**63 - 1), str(10**30), new_id()):
        with pytest.raises(NotFound):
            await act(job_id)
    assert await engine.run_due() == ["waiting"]
    (dead,) = await engine.bury("bad")
    await act(dead)
    with pytest.raises(NotFound):
        await act(dead)
