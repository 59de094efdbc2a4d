"""Machines that were reaped, on DynamoDB: changes of one subject."""

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.change_log import DynamoChangeLog
from quadrangle.aws.feed.changes import changes_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.meetings.oversight.model import Reaped
from quadrangle.meetings.oversight.reaped_rules import SUBJECT, change_of, reaped_of


class DynamoReapLog:
    """Implements meetings.ports.ReapLog."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(CHANGES)
        self._log = DynamoChangeLog(dynamo, tables)

    async def add(self, reaped: Reaped) -> None:
        await self._log.add(change_of(reaped))

    async def recent(self, limit: int) -> list[Reaped]:
        changes = changes_of(self._dynamo, self._table, SUBJECT)
        return [reaped_of(change) for change in reversed(changes[-limit:])]
