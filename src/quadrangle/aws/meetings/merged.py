"""Items that learn what is newly known of something, whoever else writes at the same time."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.meetings.keys import stamp_condition
from quadrangle.kernel.ids import new_id

T = TypeVar("T", bound=msgspec.Struct)


def merge(
    dynamo: Dynamo,
    table: str,
    key: Values,
    new: T,
    merged: Callable[[T, T], T],
    more: Values | None = None,
) -> None:
    """Save `new`, or what `merged(stored, new)` gives where there is something."""

    def attempt() -> None:
        found = dynamo.get(table, key)
        value = new if found is None else merged(struct_of(type(new), found), new)
        condition, given = stamp_condition(found)
        values = {**values_of(value), **key, **(more or {}), "stamp": new_id()}
        dynamo.write(put(table, values, condition, **given))

    retry_until_written(attempt)
