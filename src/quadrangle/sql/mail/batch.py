"""Mails that follow from changes, written for many of them at once: as rows of the outbox, in the
transaction that moves the cursor along the feed."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection

from quadrangle.kernel.jobs import RetryLater
from quadrangle.sql.feed.consumers import Asked, Left, MailSource
from quadrangle.sql.mail.outbox import SqlOutbox

log = structlog.get_logger(__name__)


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
