"""How many meetings have their desktops at once: counted in steps of five minutes, by the week.

A meeting adds one to every step that it has its desktops in, on condition that none is full, in its
own transaction. So nothing is read before, and meetings that do not meet never wait for each other.
A meeting counts from the beginning of its first step to the end of its last: where times are not on
the step it takes a little more than its time.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from quadrangle.aws.base.dynamo import Operation
from quadrangle.aws.base.items import item, typed
from quadrangle.aws.base.lone_items import second_after
from quadrangle.aws.base.tables import EXPIRES
from quadrangle.aws.meetings.keys import alone
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.scheduling import room_rules
from quadrangle.meetings.scheduling.claims_model import RoomLimit

_STEP_S = 5 * 60
_WEEK = 7 * 24 * 3600 // _STEP_S
# Sunday, 04:00 UTC: few meetings anywhere go on across the edge of two weeks.
_FIRST_S = int(datetime(2026, 1, 4, 4, tzinfo=UTC).timestamp())
_KEPT = timedelta(days=30)
USUAL_LEAD_S = MeetingPolicy().lead.total_seconds()

Steps = tuple[int, int]  # the first step and the one behind the last, since _FIRST_S


def steps_of(meeting: Meeting, limit: RoomLimit | None, lead_s: float | None = None) -> Steps:
    """Return in which steps a meeting has its desktops; without a limit by the lead it had."""
    if limit is None:
        lead_s = USUAL_LEAD_S if lead_s is None else lead_s
        limit = RoomLimit(0, lead_s, "")
    begun, end = room_rules.held(meeting, limit)
    return (
        math.floor((begun.timestamp() - _FIRST_S) / _STEP_S),
        math.ceil((end.timestamp() - _FIRST_S) / _STEP_S),
    )


def differences(taken: Iterable[Steps], given_back: Iterable[Steps] = ()) -> dict[int, int]:
    """Return by how much each step changes, without those that do not."""
    sums: Counter[int] = Counter()
    for first, end in taken:
        sums.update(range(first, end))
    for first, end in given_back:
        sums.subtract(range(first, end))
    return {step: amount for step, amount in sorted(sums.items()) if amount}


def operations(table: str, changed: Mapping[int, int], limit: RoomLimit | None) -> list[Operation]:
    """Return what writes the differences, one operation a week. With a limit they are made only
    where no step has more meetings than that afterwards."""
    by_week: dict[int, dict[int, int]] = {}
    for step, amount in changed.items():
        by_week.setdefault(step // _WEEK, {})[step % _WEEK] = amount
    return [_operation(table, week, amounts, limit) for week, amounts in sorted(by_week.items())]


def _operation(
    table: str, week: int, amounts: Mapping[int, int], limit: RoomLimit | None
) -> Operation:
    over = datetime.fromtimestamp(_FIRST_S + (week + 1) * _WEEK * _STEP_S, UTC)
    sums = ", ".join(f"s{step} {_name(amount)}" for step, amount in amounts.items())
    values = {_name(amount): typed(amount) for amount in amounts.values()}
    values[":over"] = typed(second_after(over + _KEPT))
    update: dict[str, Any] = {
        "TableName": table,
        "Key": item(alone("busy", str(week))),
        "UpdateExpression": f"ADD {sums} SET {EXPIRES} = :over",
    }
    if limit is not None:
        conditions, most = _conditions(amounts, limit)
        if conditions:
            update["ConditionExpression"] = " AND ".join(conditions)
            values |= most
    return {"Update": {**update, "ExpressionAttributeValues": values}}


def _name(amount: int) -> str:
    return f":plus{amount}" if amount > 0 else f":minus{-amount}"


def _conditions(
    amounts: Mapping[int, int], limit: RoomLimit
) -> tuple[Sequence[str], dict[str, Any]]:
    """Return what must hold of the steps that get more. An expression has at most 300 operators,
    four for each step here: enough for six hours."""
    conditions: list[str] = []
    most: dict[str, Any] = {}
    for step, amount in amounts.items():
        if amount <= 0:
            continue
        most[f":most{amount}"] = typed(limit.meetings - amount)
        if amount > limit.meetings:
            conditions.append(f"s{step} <= :most{amount}")
        else:
            conditions.append(f"(attribute_not_exists(s{step}) OR s{step} <= :most{amount})")
    return conditions, most
