"""Acts that change nothing else, in the table of changes on DynamoDB."""

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change


class DynamoChangeLog:
    """Implements kernel.change.ChangeLog."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(CHANGES)

    async def add(self, *changes: Change) -> None:
        retry_until_written(lambda: self._dynamo.transact(*sign_in_changes(self._table, changes)))
