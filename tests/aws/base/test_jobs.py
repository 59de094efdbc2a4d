"""What of jobs on SQS and the scheduler the contract of all engines cannot see."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quadrangle.aws.jobs.dead_letters import BROKE_OFF, NOT_OURS, SqsDeadLetters, bury
from quadrangle.aws.jobs.jobs import SOONEST, AwsJobs
from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.jobs.schedules import Schedules
from quadrangle.kernel.clock import ManualClock, SystemClock, to_text
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.jobs import NewJob
from tests.aws.base.fake_sqs import FakeSqs, message_in
from tests.standin.queues import ROLE, MailQueues, make_jobs, make_queues
from tests.standin.server import StandIn

TICK_S = 10  # between looks of the stand-in's scheduler


@pytest.fixture
def made(standin: StandIn) -> MailQueues:
    return make_queues(standin)


def received(standin: StandIn, url: str) -> list[dict[str, Any]]:
    answer = standin.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return answer.get("Messages", [])


def schedules_of(standin: StandIn, made: MailQueues) -> list[dict[str, Any]]:
    client = standin.client("scheduler")
    found = [s for s in client.list_schedules()["Schedules"] if s["GroupName"] == made.group]
    return [client.get_schedule(Name=s["Name"], GroupName=made.group) for s in found]


# -- which way a job goes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after_s", "delay_s"), [(None, 0), (0, 0), (-60, 0), (0.001, 1), (59.5, 60), (900, 900)]
)
async def test_a_job_within_15_minutes_waits_in_its_queue(clock: ManualClock, after_s, delay_s):
    sqs = FakeSqs()
    jobs = AwsJobs(Queues(sqs), Schedules(None, "none", ROLE), {"note": "jobs"}, clock)
    run_at = None if after_s is None else clock.now() + timedelta(seconds=after_s)
    await jobs.put(NewJob("note", {"n": 1}, run_at))
    (sent,) = sqs.to("jobs")
    assert sent["DelaySeconds"] == delay_s
    assert message_in(sent) == Message("note", {"n": 1}, to_text(run_at or clock.now()))


@pytest.mark.parametrize(
    ("after", "name", "expected"),
    [
        (timedelta(minutes=20), None, timedelta(minutes=20)),
        (timedelta(minutes=20), "launch", timedelta(minutes=20)),
        (timedelta(minutes=20, milliseconds=1), None, timedelta(minutes=20, seconds=1)),
        (timedelta(seconds=5), "launch", SOONEST),
        (None, "launch", SOONEST),
        (timedelta(days=-1), "launch", SOONEST),
    ],
)
async def test_a_job_that_waits_longer_or_has_a_name_is_a_schedule(
    standin: StandIn, made: MailQueues, clock: ManualClock, after, name, expected
):
    clock.advance(timedelta(days=3650))  # so that it stays where it is
    run_at = None if after is None else clock.now() + after
    jobs = make_jobs(standin, made, clock, "note")
    await jobs.put(NewJob("note", {"n": 1}, run_at, name))
    (schedule,) = schedules_of(standin, made)
    at = clock.now() + expected
    assert schedule["ScheduleExpression"] == f"at({at:%Y-%m-%dT%H:%M:%S})"
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["Target"]["Arn"] == Queues(standin.client("sqs")).arn(made.url)
    assert schedule["Target"]["RoleArn"] == ROLE
    message = Message("note", {"n": 1}, to_text(run_at or clock.now()), name)
    assert schedule["Target"]["Input"] == encode(message)
    assert received(standin, made.url) == []


async def test_any_text_may_be_a_name(standin: StandIn, made: MailQueues, clock: ManualClock):
    clock.advance(timedelta(days=3650))
    jobs = make_jobs(standin, made, clock, "note")
    names = ["a b/c", "ä" * 300, "a", "A", "\ud83d"]
    await jobs.put(*(NewJob("note", {}, name=name) for name in names[:4]))
    assert [await jobs.waits(name) for name in names] == [True] * 4 + [False]
    assert [await jobs.cancel(name) for name in names] == [True] * 4 + [False]
    assert schedules_of(standin, made) == []


async def test_a_function_without_a_queue_is_refused_before_anything_is_put(
    standin: StandIn, made: MailQueues, clock: ManualClock
):
    jobs = make_jobs(standin, made, clock, "note")
    with pytest.raises(ValueError, match="no queue for unheard of"):
        await jobs.put(NewJob("note", {}), NewJob("unheard of", {}))
    assert received(standin, made.url) == []


async def test_jobs_a_queue_does_not_take_are_not_passed_over(clock: ManualClock):
    sqs = FakeSqs()
    sqs.refuses = lambda entry: '"n":1}' in entry["MessageBody"]
    queues = Queues(sqs, sleep=lambda seconds: None)
    jobs = AwsJobs(queues, Schedules(None, "none", ROLE), {"note": "jobs"}, clock)
    with pytest.raises(Unavailable):
        await jobs.put(*(NewJob("note", {"n": n}) for n in range(3)))


async def test_a_schedule_group_that_is_missing_is_unavailable(
    standin: StandIn, made: MailQueues, clock: ManualClock
):
    schedules = Schedules(standin.client("scheduler"), "missing", ROLE)
    jobs = AwsJobs(Queues(standin.client("sqs")), schedules, {"note": made.url}, clock)
    with pytest.raises(Unavailable):
        await jobs.put(NewJob("note", {}, name="launch"))


# -- the stand-in's own time --------------------------------------------------------------------


async def test_a_delayed_message_comes_after_its_delay(standin: StandIn, made: MailQueues):
    clock = SystemClock()
    jobs = make_jobs(standin, made, clock, "note")
    run_at = clock.now() + timedelta(seconds=1.5)
    await jobs.put(NewJob("note", {}, run_at))
    assert received(standin, made.url) == []
    while not received(standin, made.url):
        assert clock.now() < run_at + timedelta(seconds=60)
        await asyncio.sleep(0.1)
    assert clock.now() >= run_at


async def test_the_scheduler_sends_what_was_put_last_and_forgets_it(
    standin: StandIn, made: MailQueues
):
    queues = Queues(standin.client("sqs"))
    schedules = Schedules(standin.client("scheduler"), made.group, ROLE)
    at = datetime.now(UTC) + timedelta(seconds=1)
    arn = queues.arn(made.url)
    schedules.put("replaced", at + timedelta(days=1), arn, "old")
    schedules.put("replaced", at, arn, "new")
    schedules.put("cancelled", at, arn, "never")
    assert schedules.delete("cancelled")
    for _ in range(6 * TICK_S):
        if found := received(standin, made.url):
            break
        await asyncio.sleep(1)
    assert [each["Body"] for each in found] == ["new"]
    assert datetime.now(UTC) >= at
    for _ in range(TICK_S):
        if not schedules.exists("replaced"):
            break
        await asyncio.sleep(0.2)
    assert not schedules.exists("replaced")
    assert received(standin, made.url) == []


# -- dead letters -------------------------------------------------------------------------------


class Dead:
    def __init__(self, standin: StandIn, made: MailQueues, clock: ManualClock) -> None:
        self.made = made
        self.queues = Queues(standin.client("sqs"))
        self.jobs = make_jobs(standin, made, clock, "note")
        self.letters = SqsDeadLetters(self.queues, made.dead_url, self.jobs)


@pytest.fixture
def dead(standin: StandIn, made: MailQueues, clock: ManualClock) -> Dead:
    return Dead(standin, made, clock)


async def test_what_sqs_moved_by_itself_is_listed(
    standin: StandIn, dead: Dead, made: MailQueues, clock: ManualClock
):
    sqs = standin.client("sqs")
    await dead.jobs.put(NewJob("note", {"n": 1}))
    asked = sqs.get_queue_attributes(QueueUrl=made.url, AttributeNames=["RedrivePolicy"])
    policy = json.loads(asked["Attributes"]["RedrivePolicy"])
    fewer = json.dumps({**policy, "maxReceiveCount": 3})  # the template's is far above
    sqs.set_queue_attributes(QueueUrl=made.url, Attributes={"RedrivePolicy": fewer})
    for _ in range(4):
        sqs.receive_message(QueueUrl=made.url, VisibilityTimeout=0)
    (job,) = (await dead.letters.list(10, None)).items
    assert (job.function, job.payload, job.attempts) == ("note", {"n": 1}, 0)
    assert job.last_error == BROKE_OFF
    await dead.letters.requeue(job.job_id)
    assert await dead.letters.count() == 0
    (again,) = received(standin, made.url)
    assert again["Body"] == encode(Message("note", {"n": 1}, to_text(clock.now())))


async def test_a_message_that_is_no_job_can_be_seen_and_deleted_only(dead: Dead, clock):
    bury(dead.queues, dead.made.dead_url, "nonsense", ("Not a job.", 1, clock.now()))
    (job,) = (await dead.letters.list(10, None)).items
    assert (job.function, job.payload) == (NOT_OURS, {"message": "nonsense"})
    with pytest.raises(Conflict, match="Delete it"):
        await dead.letters.requeue(job.job_id)
    assert await dead.letters.count() == 1
    await dead.letters.delete(job.job_id)
    assert await dead.letters.count() == 0


async def test_looking_hides_nothing_from_the_next_who_looks(dead: Dead, clock: ManualClock):
    for n in range(13):
        body = encode(Message("note", {"n": n}, to_text(clock.now())))
        bury(dead.queues, dead.made.dead_url, body, ("no", 1, clock.now() + timedelta(minutes=n)))
    for _ in range(2):
        page = await dead.letters.list(20, None)
        assert [job.payload["n"] for job in page.items] == list(range(12, -1, -1))


async def test_a_job_that_cannot_be_put_stays_among_the_dead(dead: Dead, clock: ManualClock):
    body = encode(Message("note", {}, to_text(clock.now())))
    bury(dead.queues, dead.made.dead_url, body, ("no", 1, clock.now()))
    (job,) = (await dead.letters.list(10, None)).items
    sqs = FakeSqs()
    sqs.away = True
    queues = Queues(sqs, sleep=lambda seconds: None)
    away = AwsJobs(queues, Schedules(None, "none", ROLE), {"note": "jobs"}, clock)
    with pytest.raises(Unavailable):
        await SqsDeadLetters(dead.queues, dead.made.dead_url, away).requeue(job.job_id)
    assert [each.job_id for each in (await dead.letters.list(10, None)).items] == [job.job_id]
