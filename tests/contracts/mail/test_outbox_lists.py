"""How every outbox lists its mails: newest first, by state, page by page."""

import pytest

from quadrangle.kernel.errors import InvalidInput
from tests.contracts.mail.letters import FAILED, QUEUED, SENT, entries, letter, queued


async def test_pages_go_newest_first_and_new_mails_do_not_disturb_them(outbox, clock):
    for n in range(7):
        await outbox.enqueue(letter(subject=str(n)))
    page = await outbox.page(None, 3, None)
    assert [entry.subject for entry in page.items] == ["6", "5", "4"]
    await outbox.enqueue(letter(subject="new"))
    page = await outbox.page(None, 3, page.next_cursor)
    assert [entry.subject for entry in page.items] == ["3", "2", "1"]
    page = await outbox.page(None, 3, page.next_cursor)
    assert [entry.subject for entry in page.items] == ["0"]
    assert page.next_cursor is None


async def test_a_page_of_one_state(outbox, clock):
    ids = [await queued(outbox) for _ in range(6)]
    for mail_id in ids[::2]:
        await outbox.mark_sent(mail_id, clock.now())
    assert [e.mail_id for e in await entries(outbox, SENT)] == ids[::2][::-1]
    assert [e.mail_id for e in await entries(outbox, QUEUED)] == ids[1::2][::-1]
    assert await entries(outbox, FAILED) == []


@pytest.mark.parametrize(
    "cursor", ["?", "bnVsbA", "Wy0xXQ", "WzFlOTld", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"]
)
async def test_a_cursor_that_is_not_ours(outbox, cursor):
    with pytest.raises(InvalidInput):
        await outbox.page(None, 3, cursor)
