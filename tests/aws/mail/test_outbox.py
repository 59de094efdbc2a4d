"""How the outbox lays out a mail on DynamoDB. What it promises is in tests/contracts."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import EXPIRES
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.aws.mail.records import content_of
from quadrangle.aws.mail.tables import MAILS
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.mail import Mail
from quadrangle.mail.model import MailState
from tests.contracts.mail.posts import DynamoPost
from tests.standin.server import StandIn
from tests.standin.tables import template

MAIL = Mail("alert:1:ada", "ada@campus.example", "Broken", "Text " * 500, "<p>Text</p>" * 500)
SMALL = 1024  # bytes that one write unit covers
SOME_SECOND = 1_764_000_000


def _text(mail: Mail) -> Values:
    """Return the key of the item of a mail's text."""
    return {"mailId": content_of(mail, SOME_SECOND)["mailId"]}


class Watched:
    """A client that keeps what is written: the table's items, and whether in a transaction."""

    def __init__(self, client: Any) -> None:
        self.written: list[tuple[bool, Values]] = []
        self._client = client

    def put_item(self, **arguments: Any) -> Any:
        answer = self._client.put_item(**arguments)
        self.written.append((False, arguments["Item"]))
        return answer

    def transact_write_items(self, **arguments: Any) -> Any:
        answer = self._client.transact_write_items(**arguments)
        puts = [each["Put"] for each in arguments["TransactItems"] if "Put" in each]
        self.written += [(True, each["Item"]) for each in puts]
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@pytest.fixture
def post(standin: StandIn, clock: ManualClock) -> DynamoPost:
    return DynamoPost(standin, clock)


async def test_the_text_is_written_once_and_what_moves_is_small(
    post: DynamoPost, standin: StandIn, clock: ManualClock
):
    client = Watched(standin.client("dynamodb"))
    outbox = DynamoOutbox(Dynamo(client), post.tables, post.jobs, clock)
    await outbox.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    await outbox.mark_delayed(mail_id, "The server is busy.", clock.now())
    await outbox.mark_sent(mail_id, clock.now())
    text, *records = client.written
    assert "body" in text[1]
    assert [transacted for transacted, _ in records] == [True, False, True, True]
    for _, record in records:
        assert not {"body", "text", "html"} & record.keys()
        assert len(msgspec.json.encode(record)) < SMALL
    found = await outbox.get(mail_id)
    assert found is not None
    assert found.mail == MAIL


async def test_a_text_whose_record_was_never_written_is_of_no_account(post: DynamoPost):
    other = msgspec.structs.replace(MAIL, text="As it was before a crash.")
    post.dynamo.write(put(post.tables.of(MAILS), content_of(other, SOME_SECOND)))
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    found = await post.outbox.get(mail_id)
    assert found is not None
    assert found.mail == MAIL
    assert sum((await post.outbox.counts()).values()) == 1


async def test_a_repeat_with_another_text_changes_nothing(post: DynamoPost):
    await post.queue.enqueue(MAIL)
    await post.queue.enqueue(msgspec.structs.replace(MAIL, text="Later", html="<p>Later</p>"))
    (mail_id,) = await post.waiting()
    found = await post.outbox.get(mail_id)
    assert found is not None
    assert found.mail == MAIL


async def test_a_text_that_is_gone_is_not_sent_as_nothing(post: DynamoPost):
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    post.dynamo.write_many(post.tables.of(MAILS), delete=[_text(MAIL)])
    with pytest.raises(Unavailable, match="text of this mail is missing"):
        await post.outbox.get(mail_id)


async def test_a_record_with_its_text_in_itself_is_read_and_moved(
    post: DynamoPost, clock: ManualClock
):
    """As installations wrote them at first."""
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    record = post.dynamo.get(post.tables.of(MAILS), {"mailId": mail_id})
    assert record is not None
    del record["content"]
    whole = {**record, "text": MAIL.text, "html": MAIL.html}
    post.dynamo.write(put(post.tables.of(MAILS), whole))
    await post.outbox.mark_sent(mail_id, clock.now())
    found = await post.outbox.get(mail_id)
    assert found is not None
    assert (found.mail, found.entry.state) == (MAIL, MailState.SENT)


# -- texts that go ------------------------------------------------------------------------------


def _ends(post: DynamoPost, mail: Mail) -> int | None:
    """Return when DynamoDB may remove the text of a mail."""
    found = post.dynamo.get(post.tables.of(MAILS), _text(mail))
    assert found is not None
    return found.get(EXPIRES)


def _second(at: datetime) -> int:
    return int(at.timestamp())


async def test_dynamodb_may_remove_the_text_after_ninety_days_and_nothing_else(
    post: DynamoPost, clock: ManualClock
):
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    await post.outbox.mark_sent(mail_id, clock.now())
    assert _ends(post, MAIL) == _second(clock.now() + timedelta(days=90))
    record = post.dynamo.get(post.tables.of(MAILS), {"mailId": mail_id})
    assert record is not None
    assert EXPIRES not in record
    mails = template("mail")["Resources"]["MailsTable"]["Properties"]
    assert mails["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}


async def test_sending_again_has_the_text_kept_as_long_again(post: DynamoPost, clock: ManualClock):
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    await post.outbox.mark_failed(mail_id, "550")
    clock.advance(timedelta(days=89))
    await post.outbox.requeue(mail_id, clock.now())
    assert _ends(post, MAIL) == _second(clock.now() + timedelta(days=90))


async def test_the_text_of_a_mail_that_is_kept_for_a_server_does_not_end(
    post: DynamoPost, clock: ManualClock
):
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    await post.outbox.mark_kept(mail_id)
    assert _ends(post, MAIL) is None
    await post.queue.enqueue(MAIL)  # as a reaction that is repeated does
    assert _ends(post, MAIL) is None


async def test_a_text_that_a_crash_left_lives_on_with_its_mail(
    post: DynamoPost, clock: ManualClock
):
    left = content_of(MAIL, _second(clock.now() + timedelta(days=80)))
    post.dynamo.write(put(post.tables.of(MAILS), left))
    await post.queue.enqueue(MAIL)
    assert _ends(post, MAIL) == _second(clock.now() + timedelta(days=90))


async def test_the_text_of_before_has_no_end_until_it_is_sent_again(
    post: DynamoPost, clock: ManualClock
):
    await post.queue.enqueue(MAIL)
    (mail_id,) = await post.waiting()
    await post.outbox.mark_failed(mail_id, "550")
    table = post.tables.of(MAILS)
    for key, name in (({"mailId": mail_id}, "textUntil"), (_text(MAIL), EXPIRES)):
        item = post.dynamo.get(table, key)
        assert item is not None
        del item[name]
        post.dynamo.write(put(table, item))
    clock.advance(timedelta(days=400))
    found = await post.outbox.get(mail_id)
    assert found is not None
    assert (found.text_kept, found.mail) == (True, MAIL)
    await post.outbox.requeue(mail_id, clock.now())
    assert _ends(post, MAIL) == _second(clock.now() + timedelta(days=90))
