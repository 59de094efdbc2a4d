"""What mail needs from the world."""

from datetime import datetime
from typing import Protocol

from quadrangle.kernel.mail import Mail, MailQueue
from quadrangle.kernel.page import Page
from quadrangle.mail.model import MailState, OutboxEntry, OutboxMail
from quadrangle.mail.search import MailSearch

ERASED = "This mail was erased, with the account it was for."
NO_TEXT = "The text of this mail is no longer kept, so it cannot be sent again."


class Outbox(MailQueue, Protocol):
    """Keeps mails and how their delivery went. All methods raise Unavailable.

    Of what was sent or failed the text goes a while after it was last to be sent, by a person or
    when it was written. What waits for a mail server keeps it.
    """

    async def get(self, mail_id: str) -> OutboxMail | None: ...

    async def page(
        self,
        state: MailState | None,
        limit: int,
        cursor: str | None,
        search: MailSearch | None = None,
    ) -> Page[OutboxEntry]:
        """Return mails newest first, of all states when `state` is None. Raises InvalidInput for
        a cursor that is not ours.

        With a search a call looks through a bounded number of mails, so that it takes as long
        among a million: a page may be short, or empty, and yet not the last.
        """
        ...

    async def counts(self) -> dict[MailState, int]:
        """Count the mails of every state; the cost does not grow with their number."""
        ...

    async def requeue(self, mail_id: str, now: datetime) -> OutboxEntry:
        """Queue a mail again with all attempts before it; its text is kept as long again.

        Raises NotFound, and Conflict while it is queued already, when it was erased or its text is
        not kept any more.
        """
        ...

    async def mark_sent(self, mail_id: str, now: datetime) -> None: ...

    # The next four change nothing unless the mail is queued: a late loser of a race, whose lease
    # ran out, must not overwrite that another attempt has sent it.

    async def mark_kept(self, mail_id: str) -> None: ...

    async def mark_delayed(self, mail_id: str, error: str, next_attempt_at: datetime) -> None:
        """Count a failed attempt of a mail that stays queued."""
        ...

    async def mark_failed(self, mail_id: str, error: str) -> None:
        """Count a failed attempt, the last one."""
        ...

    async def mark_over(self, mail_id: str, reason: str) -> None:
        """Leave a mail out that is of no use any more; `reason` says why."""
        ...


class NoServer(Exception):
    """No mail server is set."""


class NoTransport:
    """Stands for the mail server where none is set. Implements kernel.mail.MailTransport."""

    async def send(self, mail_id: str, mail: Mail) -> None:
        """Raise NoServer: the mail is to be kept."""
        raise NoServer()

    async def close(self) -> None:
        return
