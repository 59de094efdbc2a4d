"""Writes the audit's records, in the transaction that moves its cursor along the change feed."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, insert, select

from quadrangle.audit.rules import Head, Recording, chained
from quadrangle.kernel.change import Change
from quadrangle.sql.audit.tables import audit

CONSUMER = "audit"


class AuditProjection:
    """A projection of the change feed (see sql/feed/consumers.py); `key` chains the records, and
    `recording` says what they hold."""

    name = CONSUMER
    kinds = None
    replays = False  # records made anew would hold, and nobody knew that there were others

    def __init__(self, key: bytes, recording: Recording) -> None:
        self._key = key
        self._recording = recording

    def look(self, connection: Connection, changes: Sequence[Change]) -> list[Change]:
        """Return the changes that matter."""
        return [change for change in changes if self._recording.matters(change)]

    def apply(
        self, connection: Connection, changes: Sequence[Change], looked: list[Change]
    ) -> None:
        """Add a record for each change that matters, save those that have one already."""
        if not looked:
            return
        head, done = _end(connection)
        records = []
        for change in looked:
            if change.seq > done:
                record = chained(self._recording.draft(change), head, self._key)
                records.append(msgspec.structs.asdict(record))
                head = Head(record.seq, record.hash)
        if records:
            connection.execute(insert(audit), records)

    def clear(self, connection: Connection) -> None:
        """Records stay."""


def _end(connection: Connection) -> tuple[Head, int]:
    """Return the end of the chain, and the last change it tells of."""
    query = select(audit.c.seq, audit.c.hash, audit.c.change_seq)
    row = connection.execute(query.order_by(audit.c.seq.desc()).limit(1)).first()
    return (Head(), 0) if row is None else (Head(row.seq, row.hash), row.change_seq)
