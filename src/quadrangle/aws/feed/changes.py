"""Change records on DynamoDB: one item each, written in the transaction of what changed.

The table's stream is the change feed.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Operation, Query, put
from quadrangle.aws.base.items import Values, plain, struct_of, values_of
from quadrangle.kernel.change import Change

MOST_AT_ONCE = 100  # changes of one write; their places are counted within its version


def change_operations(table: str, changes: Sequence[Change], version: int) -> list[Operation]:
    """Return what writes the changes of one write. Versions order the writes of a subject."""
    numbered = enumerate(changes, start=version * MOST_AT_ONCE)
    return [put(table, _values(change, seq)) for seq, change in numbered]


def _values(change: Change, seq: int) -> Values:
    data = msgspec.json.encode(change.data).decode()
    return {**values_of(change), "seq": seq, "data": data}


def changes_of(dynamo: Dynamo, table: str, subject: str) -> list[Change]:
    """Return all changes of one subject, oldest first."""
    found = dynamo.query(Query(table, "#subject = :subject", {"subject": subject}))
    return [change_of(values) for values in found]


def change_of(values: Values) -> Change:
    """Return the change of an item. Raises KeyError, TypeError or ValueError for none of ours."""
    return struct_of(Change, {**values, "data": msgspec.json.decode(values["data"])})


def change_in_stream(record: dict[str, Any]) -> Change:
    """Return the change of one record of the table's stream, as a function of Lambda gets it."""
    return change_of(plain(record["dynamodb"]["NewImage"]))
