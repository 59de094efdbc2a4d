"""Mail as services write it and transports send it."""

from datetime import datetime
from typing import Protocol

import msgspec


class CalendarPart(msgspec.Struct, frozen=True):
    """An iCalendar object that comes with a mail, for the reader's calendar to take in.

    `method` is what the object itself says it is (RFC 5546), such as REQUEST; `content` is its
    text.
    """

    method: str
    content: str


class Mail(msgspec.Struct, frozen=True):
    """One mail to one address.

    `key` names the occasion (change and recipient): a mail whose key is already in the outbox is
    not written again, so that a reaction may be repeated. A `private` one holds what opens an
    account or a meeting: nobody but its reader and administrators may see what it says.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str
    private: bool = False
    calendar: CalendarPart | None = None


class MailQueue(Protocol):
    """Takes mails for delivery at least once. Raises Unavailable when they cannot be saved."""

    async def enqueue(self, *mails: Mail) -> None: ...

    async def forget(self, to: str, behind: str | None = None) -> str | None:
        """Erase to whom all mails to an address went and what they said; safe to repeat.

        However it was written: reporters type theirs in capitals too.

        One that waits to be sent is erased once that is over, whatever comes of it. Where looking
        through all takes long, a call does a part: it returns where to go on `behind`, None at the
        end.
        """
        ...


class MailRefused(Exception):
    """The server will never take this mail; its message says why."""


class MailDelayed(Exception):
    """The server cannot take this mail now; its message says why."""


class MailTransport(Protocol):
    """Hands one mail to a mail server, or raises MailRefused or MailDelayed."""

    async def send(self, mail_id: str, mail: Mail) -> None: ...

    async def close(self) -> None:
        """Take leave of the mail server."""
        ...


class MailOver(Exception):
    """A mail that waited is of no use any more; its message says why."""


class MailReview(Protocol):
    """Looks at a mail before it leaves: it may have waited for long."""

    async def reviewed(self, mail: Mail, written: datetime) -> Mail:
        """Return the mail as it is true now. Raises MailOver, Unavailable."""
        ...
