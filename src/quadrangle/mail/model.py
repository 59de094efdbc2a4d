"""A mail in the outbox. Instants are texts as kernel.clock.to_text writes them."""

from enum import StrEnum

import msgspec

from quadrangle.kernel.mail import Mail

DELIVER = "mail.send"  # the job that delivers one mail; its payload is {"mailId": …}
FORGET_TEXTS = "mail.forget-texts"  # {}: lets texts go whose time is over; asks for the next one
# How long a mail's text is kept since it was last to be sent: long enough for a question about it,
# and to send it again. The line in the outbox stays.
TEXT_KEPT_DAYS = 90


class MailState(StrEnum):
    """`kept`: there is no mail server, so it stays readable here until staff resends it. `over`:
    when its turn came it was of no use any more, so it was left out; nothing went wrong."""

    QUEUED = "queued"
    KEPT = "kept"
    SENT = "sent"
    FAILED = "failed"
    OVER = "over"


class OutboxEntry(msgspec.Struct, frozen=True):
    """What a list shows of a mail. `attempts` counts since it was last queued by a person;
    `last_error` also says why a mail is over.

    `to` and `subject` are empty once the mail was erased, with the account that it was for.
    """

    mail_id: str
    to: str
    subject: str
    state: MailState
    attempts: int
    last_error: str | None
    created_at: str
    sent_at: str | None
    next_attempt_at: str | None
    private: bool = False

    @property
    def erased(self) -> bool:
        return not self.to


class OutboxMail(msgspec.Struct, frozen=True):
    """A mail with its contents. Once its text is not kept any more, what it said is empty."""

    entry: OutboxEntry
    mail: Mail
    text_kept: bool = True
