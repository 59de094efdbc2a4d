"""Mails in the outbox."""

from quadrangle.mail.model import MailState, OutboxEntry
from tests.old_records.base.samples import NOW
from tests.old_records.conftest import Without
from tests.old_records.mail.samples import SENT, WAITING, entries, outbox
from tests.old_records.wings import Wing


async def test_mails_are_read_and_counted(wing: Wing):
    box = outbox(wing)
    found = (await box.page(None, 9, None)).items
    assert found == entries({each.subject: each.mail_id for each in found})
    read = [await box.get(each.mail_id) for each in found]
    assert [mail and mail.mail for mail in read] == [WAITING, SENT]
    assert await box.counts() == {state: state in ("sent", "queued") for state in MailState}


async def test_one_that_waits_is_moved_on(wing: Wing):
    box = outbox(wing)
    (waiting,) = (await box.page(MailState.QUEUED, 9, None)).items
    await box.mark_sent(waiting.mail_id, NOW)
    assert (await box.counts())[MailState.SENT] == 2


async def test_fields_that_came_later(without: Without):
    """In the record: a mail's text is kept as one thing."""
    box = outbox(without(OutboxEntry, lambda item: "subject" in item))
    assert [each.private for each in (await box.page(None, 9, None)).items] == [False, False]
