"""Every change reaches every reaction to it, or comes again."""

from typing import Any

import msgspec
import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed import again as feed_again
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.dispatch import StreamDispatcher
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.jobs.queues import ATTEMPTS, Queues
from quadrangle.kernel.change import Change, Reaction, handler_of
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import Job
from tests.aws.base.fake_sqs import FakeSqs, message_in
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

URLS = {"mail": "mail-queue", "audit": "audit-queue"}


async def _nothing(change: Change) -> None:
    return


def reaction(name: str, *kinds: str) -> Reaction:
    return Reaction(name, frozenset(kinds), _nothing)


REACTIONS = [reaction("mail", "issue.reported"), reaction("audit", "issue.reported", "issue.moved")]


def change(number: int, kind: str = "issue.reported", **data: Any) -> Change:
    return Change(kind, f"issue-{number}", data, "Ada", "2026-11-21T09:30:00.000Z", "account-1")


def record_of(change: Change, number: int, event: str = "INSERT") -> dict[str, Any]:
    """What the stream says of a change that was written."""
    (written,) = change_operations("changes", [change], 1)
    image = written["Put"]["Item"]
    return {
        "eventName": event,
        "dynamodb": {"NewImage": image, "SequenceNumber": f"sequence-{number}"},
    }


def batch(*changes: Change) -> dict[str, Any]:
    return {"Records": [record_of(each, number) for number, each in enumerate(changes)]}


class Desk:
    def __init__(self, clock: ManualClock) -> None:
        self.sqs = FakeSqs()
        self.pauses: list[float] = []
        queues = Queues(self.sqs, self.pauses.append)
        self.dispatcher = StreamDispatcher(queues, REACTIONS, URLS, clock)

    def subjects(self, url: str) -> list[str]:
        return [message_in(each).payload["subject"] for each in self.sqs.to(url)]


@pytest.fixture
def desk(clock: ManualClock) -> Desk:
    return Desk(clock)


def test_a_change_is_sent_to_every_reaction_to_its_kind(desk: Desk, clock: ManualClock):
    event = batch(change(1), change(2, "issue.moved"), change(3, "unheard of"))
    assert desk.dispatcher.handle(event) == {"batchItemFailures": []}
    assert desk.subjects("mail-queue") == ["issue-1"]
    assert desk.subjects("audit-queue") == ["issue-1", "issue-2"]
    message = message_in(desk.sqs.to("mail-queue")[0])
    assert (message.function, message.run_at) == ("reaction:mail", to_text(clock.now()))


def test_a_reaction_may_answer_to_changes_of_any_kind_and_choose(clock: ManualClock):
    sqs = FakeSqs()
    chosen = Reaction("audit", None, _nothing, wants=lambda change: change.subject != "issue-2")
    dispatcher = StreamDispatcher(Queues(sqs), [REACTIONS[0], chosen], URLS, clock)
    dispatcher.handle(batch(change(1, "unheard of"), change(2), change(3)))
    sent = {
        url: [message_in(each).payload["subject"] for each in sqs.to(url)] for url in URLS.values()
    }
    assert sent == {"mail-queue": ["issue-2", "issue-3"], "audit-queue": ["issue-1", "issue-3"]}


async def test_a_reaction_gets_the_change_as_it_was_written(desk: Desk, clock: ManualClock):
    seen: list[Change] = []

    async def keep(change: Change) -> None:
        seen.append(change)

    sent = change(1, old=None, new={"text": "Grüße 📶 \ufffe"}, list=[1, 2.5, True])
    desk.dispatcher.handle(batch(sent))
    message = message_in(desk.sqs.to("mail-queue")[0])
    job = Job("m", message.function, message.payload, 1, clock.now())
    await handler_of(Reaction("mail", frozenset(), keep))(job)
    assert seen == [msgspec.structs.replace(sent, seq=100)]


def at(hour: int, number: int) -> Change:
    return msgspec.structs.replace(change(number), at=f"2026-11-21T{hour:02}:30:00.000Z")


@pytest.mark.parametrize("parts", [False, True], ids=["in one call", "in many"])
def test_changes_since_an_instant_are_handed_on_again(
    standin: StandIn, desk: Desk, monkeypatch: pytest.MonkeyPatch, parts: bool
):
    """As often as there is no time left, the next call goes on where the last one ended."""
    monkeypatch.setattr(feed_again, "AT_ONCE", 3)
    client = standin.client("dynamodb")
    dynamo, tables = Dynamo(client), Tables(make_tables(client, CHANGES))
    for number in range(20):
        written = at(number, number)
        dynamo.transact(*change_operations(tables.of(CHANGES), [written], number))
    since, behind, calls = "2026-11-21T12:30:00.000Z", None, 0
    while calls == 0 or behind is not None:
        asked = msgspec.convert({"since": since, "behind": behind}, feed_again.Again)
        done = feed_again.hand_on_again(dynamo, tables, desk.dispatcher, asked, lambda: not parts)
        behind, calls = msgspec.to_builtins(done)["behind"], calls + 1
    assert (calls > 1) == parts
    assert sorted(desk.subjects("mail-queue")) == [f"issue-{n}" for n in range(12, 20)]
    assert sorted(desk.subjects("audit-queue")) == [f"issue-{n}" for n in range(12, 20)]


def test_what_cannot_be_handed_on_again_says_so(standin: StandIn, desk: Desk):
    client = standin.client("dynamodb")
    dynamo, tables = Dynamo(client), Tables(make_tables(client, CHANGES))
    dynamo.transact(*change_operations(tables.of(CHANGES), [change(1)], 1))
    desk.sqs.away = True
    everything = feed_again.Again("2026-01-01T00:00:00.000Z")
    with pytest.raises(Unavailable):
        feed_again.hand_on_again(dynamo, tables, desk.dispatcher, everything, lambda: True)


def test_only_what_is_new_is_a_change(desk: Desk):
    records = [record_of(change(1), 1, "REMOVE"), record_of(change(2), 2, "MODIFY")]
    assert desk.dispatcher.handle({"Records": records}) == {"batchItemFailures": []}
    assert desk.sqs.sent == []


def test_many_changes_go_in_batches_of_ten(desk: Desk):
    desk.dispatcher.handle(batch(*(change(n, "issue.moved") for n in range(25))))
    assert desk.sqs.batches == [10, 10, 5]
    assert desk.subjects("audit-queue") == [f"issue-{n}" for n in range(25)]


def test_large_changes_go_in_smaller_batches(desk: Desk):
    large = [change(n, "issue.moved", text="x" * 100_000) for n in range(4)]
    desk.dispatcher.handle(batch(*large))
    assert desk.sqs.batches == [2, 2]


def test_what_a_queue_refuses_for_a_moment_is_sent_again(desk: Desk):
    refused = []

    def once(entry: dict[str, Any]) -> bool:
        refused.append(entry["Id"])
        return refused.count(entry["Id"]) == 1 and int(entry["Id"]) % 2 == 0

    desk.sqs.refuses = once
    event = batch(*(change(n, "issue.moved") for n in range(4)))
    assert desk.dispatcher.handle(event) == {"batchItemFailures": []}
    assert sorted(desk.subjects("audit-queue")) == [f"issue-{n}" for n in range(4)]
    assert len(desk.pauses) == 1


def test_the_stream_goes_on_from_the_first_that_was_refused(desk: Desk):
    desk.sqs.refuses = lambda entry: '"issue-2"' in entry["MessageBody"]
    event = batch(*(change(n) for n in range(4)))
    answer = desk.dispatcher.handle(event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "sequence-2"}]}
    assert len(desk.pauses) == ATTEMPTS - 1


def test_with_all_queues_away_the_whole_batch_comes_again(desk: Desk):
    desk.sqs.away = True
    event = batch(change(0, "unheard of"), change(1), change(2))
    answer = desk.dispatcher.handle(event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "sequence-1"}]}


def test_a_record_that_cannot_be_read_holds_up_what_is_behind_it_only(desk: Desk):
    event = batch(*(change(n) for n in range(3)))
    event["Records"][1]["dynamodb"]["NewImage"]["data"] = {"S": "{"}
    answer = desk.dispatcher.handle(event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "sequence-1"}]}
    assert desk.subjects("mail-queue") == ["issue-0"]


def test_every_reaction_needs_a_name_and_a_queue_of_its_own(clock: ManualClock):
    queues = Queues(FakeSqs())
    with pytest.raises(ValueError, match="same name"):
        StreamDispatcher(queues, [REACTIONS[0], REACTIONS[0]], URLS, clock)
    with pytest.raises(ValueError, match="no queue for new"):
        StreamDispatcher(queues, [reaction("new", "a")], URLS, clock)
