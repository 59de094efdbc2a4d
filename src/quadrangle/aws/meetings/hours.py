"""Hours that meetings take of people, tested and written in the transaction of the meeting.

What one person has given away is one item. Whoever writes it makes sure that it is as it was read,
so of many who want one hour at once one gets it, and the others see it taken.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Operation, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.meetings.keys import alone, stamp_condition
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.scheduling.claims_model import HourClaim

# begins_at, ends_at, meeting's id: instants as texts
Taken = tuple[str, str, str]


class PeoplesHours:
    """The hours of the people whom one write is about, as they are changed by it."""

    def __init__(self, dynamo: Dynamo, table: str, people: Sequence[str]) -> None:
        self._table = table
        keys = [_key(person) for person in sorted(set(people))]
        found = dynamo.get_many(table, keys, consistent=True) if keys else []
        self._before = {each["id"]: each for each in found}
        self._taken: dict[str, list[Taken]] = {
            each["id"]: msgspec.json.decode(each["body"], type=list[Taken]) for each in found
        }
        self._changed: set[str] = set()

    def release(self, meeting_id: str, people: Sequence[str]) -> None:
        """Have a meeting take no hours."""
        for person in people:
            key = _key(person)["id"]
            self._taken[key] = [each for each in self._taken.get(key, []) if each[2] != meeting_id]
            self._changed.add(key)

    def claim(self, meeting_id: str, claims: Sequence[HourClaim]) -> None:
        """Have a meeting take these too. Raises HourTaken."""
        for each in claims:
            key = _key(each.teacher_id)["id"]
            taken = self._taken.setdefault(key, [])
            each.require_beside(sum(_overlaps(each, other) for other in taken))
            taken.append((each.begins_at, each.ends_at, meeting_id))
            self._changed.add(key)

    def operations(self) -> list[Operation]:
        """Return what writes them, if nobody else did meanwhile."""
        return [self._operation(key) for key in sorted(self._changed)]

    def _operation(self, key: str) -> Operation:
        body = msgspec.json.encode(sorted(self._taken[key])).decode()
        condition, given = stamp_condition(self._before.get(key))
        person = key.partition("#")[2]
        values: Values = {**_key(person), "body": body, "stamp": new_id()}
        return put(self._table, values, condition, **given)


def people_of(claims: Mapping[str, Sequence[HourClaim]]) -> list[str]:
    """Return whose hours some meetings take."""
    return [each.teacher_id for of_one in claims.values() for each in of_one]


def _key(person: str) -> dict[str, Any]:
    return alone("taken", person)


def _overlaps(wanted: HourClaim, taken: Taken) -> bool:
    return taken[0] < wanted.ends_at and taken[1] > wanted.begins_at
