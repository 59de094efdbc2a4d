"""Mails that follow from changes, written for many of them at once: as rows of the outbox, in the
transaction that moves the cursor along the feed."""

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from sqlalchemy import Connection

from quadrangle.kernel.jobs import RetryLater
from quadrangle.kernel.mail import Mail
from quadrangle.sql.feed.consumers import Asked, Left
from quadrangle.sql.mail.outbox import SqlOutbox

log = structlog.get_logger(__name__)

# Writes the mails of one change; raises RetryLater while it is too early.
Write = Callable[[Asked], Sequence[Mail]]


class MailSource(Protocol):
    """The reactions of a service that do nothing but write mails; `serves` are their names."""

    @property
    def serves(self) -> frozenset[str]: ...

    def read(self, connection: Connection, asked: Sequence[Asked]) -> Write:
        """Read at once what all these mails are written from."""
        ...


class MailBatch:
    """Implements sql.feed.consumers.Batch for the reactions of `source`.

    A change whose mails cannot be written is left to the reaction itself, and so to its attempts
    and the dead letters; the others go on.
    """

    def __init__(self, source: MailSource, outbox: SqlOutbox) -> None:
        self.serves = source.serves
        self._source = source
        self._outbox = outbox

    def look(
        self, connection: Connection, asked: Sequence[Asked]
    ) -> tuple[list[bytes], list[Left]]:
        write = self._source.read(connection, asked)
        rows: list[bytes] = []
        left: list[Left] = []
        for each in asked:
            try:
                rows += [self._outbox.encoded(mail) for mail in write(each)]
            except RetryLater as later:
                left.append(Left(each, later.delay))
            except Exception as error:
                log.error("mails of a change failed", reaction=each.reaction, exc_info=error)
                left.append(Left(each))
        return rows, left

    def save(self, connection: Connection, looked: list[bytes]) -> None:
        if looked:
            self._outbox.insert(connection, looked)
