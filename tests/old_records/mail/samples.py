"""A mail that failed once and was sent, and a private one that waits."""

from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import Mail
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.sql.mail.outbox import SqlOutbox
from tests.old_records.base.samples import AT, NOW
from tests.old_records.wings import SqlWing, Wing

SENT = Mail("alert:1:ada", "ada@campus.example", "Grüße 📶", "a\nb", "<p>a</p>")
WAITING = Mail("reset:1", "sam@campus.example", "A new password", "text", "<p>b</p>", private=True)


def entries(ids: dict[str, str]) -> list[OutboxEntry]:
    """Return what lists show of both, newest first; ids are by subject, as each wing makes them."""
    sent = (MailState.SENT, 1, None, AT, AT, None)
    waits = (MailState.QUEUED, 0, None, AT, None, None)
    return [
        OutboxEntry(ids[WAITING.subject], WAITING.to, WAITING.subject, *waits, private=True),
        OutboxEntry(ids[SENT.subject], SENT.to, SENT.subject, *sent),
    ]


class NoJobs:
    """Implements kernel.jobs.Jobs: what is put is put nowhere."""

    async def put(self, *jobs: NewJob) -> None: ...

    async def cancel(self, name: str) -> bool:
        return False


def outbox(wing: Wing) -> SqlOutbox | DynamoOutbox:
    if isinstance(wing, SqlWing):
        return SqlOutbox(wing.database, wing.clock)
    return DynamoOutbox(wing.dynamo, wing.tables, NoJobs(), wing.clock)


async def write_mail(wing: Wing) -> None:
    box = outbox(wing)
    await box.enqueue(SENT)
    await box.enqueue(WAITING)
    (sent,) = [e for e in (await box.page(None, 9, None)).items if e.subject == SENT.subject]
    await box.mark_sent(sent.mail_id, NOW)
