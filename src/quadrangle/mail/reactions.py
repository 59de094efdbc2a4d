"""Delivers mails: the handler of the job `mail.send`.

The schedule of attempts is the mail's own, not the engine's: the outbox shows when the next one is,
and a mail that finally fails fails there, where staff sees all of them, and not as a dead job too.
A mail is sent at least once: when the worker dies between the server's "accepted" and our note of
it, it goes out again, with the Message-ID it had, by which receivers drop the repeat (not with SES,
which gives each mail one of its own).
"""

from collections.abc import Sequence

import structlog

from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.jobs import Job, RetryLater, RetryPolicy, error_text, plan_retry
from quadrangle.kernel.mail import (
    Mail,
    MailDelayed,
    MailOver,
    MailRefused,
    MailReview,
    MailTransport,
)
from quadrangle.mail.model import DELIVER as DELIVER
from quadrangle.mail.model import MailState, OutboxEntry, OutboxMail
from quadrangle.mail.pace import DeliveryPace
from quadrangle.mail.ports import NO_TEXT, NoServer, Outbox

log = structlog.get_logger(__name__)

# 4, 8, 16, … minutes and at last 8 hours apart: ten attempts over 12 to 25 hours, so that greylists
# are passed soon and a server that is away for a night loses nothing. It is the engine's policy
# for this job as well, which there only counts runs that broke off: a killed worker, no database.
MAIL_POLICY = RetryPolicy(max_attempts=10, first_delay_s=240.0, max_delay_s=8 * 3600.0)


class MailDelivery:
    """Hands queued mails to the transport and notes in the outbox how that went.

    Each of `reviews` looks at a mail before: it may be over, or be true no longer.
    """

    def __init__(
        self,
        outbox: Outbox,
        transport: MailTransport,
        clock: Clock,
        pace: DeliveryPace | None = None,
        reviews: Sequence[MailReview] = (),
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._clock = clock
        self._pace = pace or DeliveryPace()
        self._reviews = reviews

    async def deliver(self, job: Job) -> None:
        """Try to send the mail of this job; anything but a queued mail is left as it is.

        Raises RetryLater when there is to be another attempt, Unavailable.
        """
        async with self._pace.turn():
            mail_id = str(job.payload["mailId"])
            found = await self._outbox.get(mail_id)
            if found is None or found.entry.state is not MailState.QUEUED:
                return
            if not found.text_kept:  # its job waited for longer than texts are kept
                await self._fail(found.entry, f"Not sent. {NO_TEXT}")
                return
            try:
                await self._transport.send(mail_id, await self._reviewed(found))
            except NoServer:
                await self._outbox.mark_kept(mail_id)
            except MailOver as error:
                await self._outbox.mark_over(mail_id, f"Not sent. {error}")
            except MailRefused as error:
                await self._fail(found.entry, str(error))
            except MailDelayed as error:
                await self._delay(found.entry, str(error))
            except Exception as error:
                # a fault of the transport's: noted like any other, so that no mail is lost to it
                log.error("mail transport broke", mail_id=mail_id, exc_info=error)
                await self._delay(found.entry, error_text(error))
            else:
                await self._outbox.mark_sent(mail_id, self._clock.now())

    async def _reviewed(self, found: OutboxMail) -> Mail:
        mail = found.mail
        for review in self._reviews:
            mail = await review.reviewed(mail, from_text(found.entry.created_at))
        return mail

    async def _delay(self, entry: OutboxEntry, error: str) -> None:
        wait = plan_retry(MAIL_POLICY, entry.attempts + 1)
        if wait is None:
            await self._fail(entry, error)
            return
        await self._outbox.mark_delayed(entry.mail_id, error, self._clock.now() + wait)
        raise RetryLater(wait, error)

    async def _fail(self, entry: OutboxEntry, error: str) -> None:
        log.warning("mail failed", mail_id=entry.mail_id, attempt=entry.attempts + 1, error=error)
        await self._outbox.mark_failed(entry.mail_id, error)
