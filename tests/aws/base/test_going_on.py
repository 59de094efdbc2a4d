"""What is too much for one call of a function goes on in others, through the same queue.

Each part reads few items here; parts break off, and are done again.
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from quadrangle.aws.base.dynamo import Dynamo, Share
from quadrangle.aws.base.items import plain
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.aws.jobs import job_runner
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.kernel.change import Change, Reaction, function_of, handler_in_parts, in_parts
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.jobs import RetryPolicy
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import Principal, Role
from quadrangle.mail.model import OutboxEntry
from tests.aws.base.fake_sqs import FakeSqs, message_in
from tests.contracts.issues.desks import DynamoDesk
from tests.contracts.mail.posts import DynamoPost
from tests.standin.server import StandIn

CLOSED = Change("account.closed", "account-1", {}, "Ada", "2026-11-21T09:30:00.000Z")
FEW = Share(calls=2, rows=2)
POLICY = RetryPolicy(max_attempts=3, first_delay_s=0)


class Line:
    """The queue of one reaction, whose messages are handed to its function one after another."""

    def __init__(self, reaction: Reaction, clock: ManualClock) -> None:
        self.sqs = FakeSqs()
        self._clock = clock
        self._function = function_of(reaction)
        self.parts: list[int] = []
        self.runner = JobRunner(
            Queues(self.sqs, sleep=lambda _: None),
            Route("jobs", "dead"),
            {self._function: handler_in_parts(reaction)},
            self._waits,
            clock,
            lambda _: 1,
            policy=POLICY,
        )

    async def _waits(self, _: str) -> bool:
        return False

    async def give(self, change: Change) -> None:
        payload = {"kind": change.kind, "subject": change.subject, "data": {}, "actor": "Ada"}
        payload["at"] = change.at
        now = to_text(self._clock.now())
        await self._hand(encode(Message(self._function, payload, now)))

    async def _hand(self, first: str) -> None:
        body: str | None = first
        while body is not None:
            if await self._stays(body):
                continue  # comes back, as it was
            copies = self.sqs.to("jobs")
            self.parts += [message_in(each).part for each in copies]
            body = copies[0]["MessageBody"] if copies else None
            self.sqs.sent = [each for each in self.sqs.sent if each["QueueUrl"] != "jobs"]

    async def _stays(self, body: str) -> bool:
        attributes = {"ApproximateReceiveCount": "1"}
        record = {"messageId": "m", "receiptHandle": "h", "body": body, "attributes": attributes}
        answer = await self.runner.handle({"Records": [record]})
        return bool(answer["batchItemFailures"])


class Frail:
    """A client of DynamoDB that is away with every so manieth write; it keeps what scans read."""

    def __init__(self, client: Any, away_with: int) -> None:
        self._client = client
        self._away_with = away_with
        self._writes = 0
        self.read: list[int] = []

    def scan(self, **arguments: Any) -> Any:
        answer = self._client.scan(**arguments)
        self.read.append(answer["ScannedCount"])
        return answer

    def transact_write_items(self, **arguments: Any) -> Any:
        self._write()
        return self._client.transact_write_items(**arguments)

    def batch_write_item(self, **arguments: Any) -> Any:
        self._write()
        return self._client.batch_write_item(**arguments)

    def _write(self) -> None:
        self._writes += 1
        if self._writes % self._away_with == 0:
            raise ClientError({"Error": {"Code": "InternalServerError"}}, "Write")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


async def test_all_mails_to_an_address_are_forgotten_a_few_with_each_call(
    standin: StandIn, clock: ManualClock
):
    post = DynamoPost(standin, clock)
    said = ("Hello", "Text", "<p>Text</p>")
    to = ["Ada@campus.example", "bo@campus.example"]
    await post.queue.enqueue(*(Mail(str(n), to[n % 2], *said) for n in range(20)))
    for mail_id in await post.waiting():
        await post.outbox.mark_sent(mail_id, clock.now())
    frail = Frail(standin.client("dynamodb"), away_with=4)
    outbox = DynamoOutbox(Dynamo(frail), post.tables, post.jobs, clock, FEW)

    async def forget(change: Change, place: str | None) -> str | None:
        return await outbox.forget("ada@campus.example", place)

    line = Line(in_parts("erase", frozenset(), forget), clock)
    await line.give(CLOSED)
    assert line.sqs.to("dead") == []
    assert max(frail.read) <= FEW.rows  # never more than its share
    found: list[OutboxEntry] = (await post.outbox.page(None, 100, None)).items
    assert sorted(each.to for each in found) == [""] * 10 + ["bo@campus.example"] * 10
    assert "ada@campus.example" not in (await post.stored()).lower()
    # it went on where it was, and did not begin anew with what broke off
    assert line.parts[-1] > 5
    assert sum(frail.read) < 2 * 60


async def test_somebody_is_renamed_in_all_issues_a_few_with_each_call(
    standin: StandIn, clock: ManualClock
):
    desk = DynamoDesk(standin, clock)
    ada = Principal("Ada", Role.STAFF, "account-1")
    bo = Principal("Bo", Role.STAFF, "account-2")
    for who in (ada, bo) * 5:
        await desk.report("It drips", who)
    frail = Frail(standin.client("dynamodb"), away_with=3)
    store = DynamoIssueStore(Dynamo(frail), desk.tables, FEW)

    async def rename(change: Change, place: str | None) -> str | None:
        return await store.rename_author("account-1", "Former member", place)

    line = Line(in_parts("rename", frozenset(), rename), clock)
    await line.give(CLOSED)
    assert line.sqs.to("dead") == []
    pages = standin.client("dynamodb").scan(TableName=desk.tables.of(CHANGES))
    names = sorted(plain(each)["actor"] for each in pages["Items"])
    assert names == ["Bo"] * 5 + ["Former member"] * 5
    assert max(frail.read) <= FEW.rows


async def test_a_part_begins_with_all_attempts_before_it(clock: ManualClock):
    """One that fails as often as a job may, in every part, comes to its end."""
    failures: list[str | None] = []

    async def part(change: Change, place: str | None) -> str | None:
        if failures.count(place) < POLICY.max_attempts - 1:
            failures.append(place)
            raise ValueError("not now")
        return {None: "a", "a": "b", "b": None}[place]

    line = Line(in_parts("parts", frozenset(), part), clock)
    await line.give(CLOSED)
    assert line.sqs.to("dead") == []
    assert failures == [None, None, "a", "a", "b", "b"]


async def test_a_part_whose_rest_cannot_be_handed_over_is_done_again(clock: ManualClock):
    seen: list[str | None] = []

    async def part(change: Change, place: str | None) -> str | None:
        seen.append(place)
        line.sqs.away = len(seen) == 1
        return "a" if place is None else None

    line = Line(in_parts("parts", frozenset(), part), clock)
    await line.give(CLOSED)
    assert seen == [None, None, "a"]


async def test_a_job_that_goes_on_for_ever_is_given_up(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(job_runner, "MOST_PARTS", 5)

    async def part(change: Change, place: str | None) -> str | None:
        return "again"

    line = Line(in_parts("parts", frozenset(), part), clock)
    await line.give(CLOSED)
    assert line.parts == [2, 3, 4, 5]
    (letter,) = line.sqs.to("dead")
    assert "did not end" in letter["MessageAttributes"]["error"]["StringValue"]
