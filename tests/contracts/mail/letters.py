"""Mails as tests of an outbox put them in, move them and list them."""

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.mail import Mail
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.ports import Outbox

QUEUED, KEPT, SENT, FAILED, OVER = MailState


def letter(key: str = "", **fields) -> Mail:
    text = {"to": "ada@campus.example", "subject": "Hello", "text": "Text", "html": "<p>Text</p>"}
    return Mail(key or new_id(), **text | fields)


async def entries(outbox: Outbox, state: MailState | None = None) -> list[OutboxEntry]:
    """All mails, newest first."""
    found: list[OutboxEntry] = []
    cursor = None
    while True:
        page = await outbox.page(state, 3, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def queued(outbox, **fields) -> str:
    """Enqueue one mail and return its id."""
    await outbox.enqueue(letter(**fields))
    return (await outbox.page(None, 1, None)).items[0].mail_id


async def put(outbox: Outbox, mail_id: str, state: MailState, clock: ManualClock) -> None:
    """Move a mail to a state, if it may."""
    if state is SENT:
        await outbox.mark_sent(mail_id, clock.now())
    elif state is FAILED:
        await outbox.mark_failed(mail_id, "550")
    elif state is OVER:
        await outbox.mark_over(mail_id, "Accepted meanwhile.")
    elif state is KEPT:
        await outbox.mark_kept(mail_id)
    else:
        try:
            await outbox.requeue(mail_id, clock.now())
        except Conflict:
            found = await outbox.get(mail_id)
            assert found is not None
            assert found.entry.state is QUEUED
