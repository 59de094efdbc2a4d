"""Writes the audit on DynamoDB: records, the end of their chain, and which changes have one.

A record, the chain's new end and the mark of its change are written in one transaction under the
condition that the end is as it was read and the change has no mark. So a change that comes again is
passed by, and two that come at once follow each other. Their queue runs two containers at a time
(deploy/aws/audit.yaml): whoever meets the other tries again, and there is no third to lose to.
"""

from quadrangle.audit.rules import Recording, chained
from quadrangle.aws.audit.items import END, head_of, mark_key, record_key
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import values_of
from quadrangle.aws.base.lone_items import NEW
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.change import Change

_UNCHANGED = "#seq = :seq AND #hash = :hash"


class DynamoAuditKeeper:
    """Writes records; `key` chains them, and `recording` says what they hold. Safe to call again
    with the same change."""

    def __init__(self, dynamo: Dynamo, tables: Tables, key: bytes, recording: Recording) -> None:
        self._dynamo = dynamo
        self._table = tables.of(AUDIT)
        self._key = key
        self._recording = recording

    async def keep(self, change: Change) -> None:
        """Add a record of the change, if it matters and has none. Raises Unavailable."""
        if self._recording.matters(change):
            retry_until_written(lambda: self._keep(change))

    def _keep(self, change: Change) -> None:
        mark = mark_key(change)
        if self._dynamo.get(self._table, mark) is not None:
            return
        end = self._dynamo.get(self._table, END)
        head = head_of(end)
        record = chained(self._recording.draft(change), head, self._key)
        before = {} if end is None else {"seq": head.seq, "hash": head.hash}
        after = {**END, "seq": record.seq, "hash": record.hash}
        self._dynamo.transact(
            put(self._table, {**mark, "seq": record.seq}, NEW),
            put(self._table, {**record_key(record.seq), **values_of(record)}, NEW),
            put(self._table, after, _UNCHANGED if before else NEW, **before),
        )
