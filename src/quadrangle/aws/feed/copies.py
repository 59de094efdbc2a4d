"""Changes that another database has counted, copied into the feed of AWS."""

from collections.abc import Sequence

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text

# Of numbers given within a millisecond. Times 100 (changes.MOST_AT_ONCE) this stays below 2**63.
_PLACES = 10_000


class DynamoChangeCopies:
    """Keeps copies. The place of one follows from its instant and number alone: it is the same when
    it comes again, which the stream's reader takes for no news, and another one's when a database
    that was restored counts anew."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(CHANGES)

    async def keep(self, changes: Sequence[Change]) -> None:
        """Keep changes in their order. Raises Unavailable."""
        for change in changes:
            self._dynamo.transact(*change_operations(self._table, [change], _place(change)))


def _place(change: Change) -> int:
    milliseconds = int(from_text(change.at).timestamp() * 1000)
    return milliseconds * _PLACES + change.seq % _PLACES
