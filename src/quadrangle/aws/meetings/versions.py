"""What is kept under a meeting with versions of its own, on DynamoDB."""

from collections.abc import Sequence
from typing import Any

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, put
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.meetings.keys import NEW
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict


def save_version(
    dynamo: Dynamo, tables: Tables, values: dict[str, Any], changes: Sequence[Change]
) -> None:
    """Save an item of the meetings with its changes, if the version before its own is there.

    Raises Conflict, and ConditionFailed where a place among the changes was taken meanwhile.
    """
    table, version = tables.of(MEETINGS), values["version"]
    if version == 1:
        written = put(table, values, NEW)
    else:
        written = put(table, values, "#version = :before", before=version - 1)
    try:
        dynamo.transact(written, *sign_in_changes(tables.of(CHANGES), changes))
    except ConditionFailed as error:
        if error.index == 0:
            raise Conflict() from error
        raise
