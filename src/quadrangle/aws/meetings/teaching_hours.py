"""The free hours of teachers on DynamoDB.

The hours of a teacher are one item; a copy of what is published stands in one list, sorted by the
names of teachers.
"""

from collections.abc import Sequence

import msgspec

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, Query, delete, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.meetings.keys import NEW, alone
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.text import folded
from quadrangle.meetings.booking.model import Hours

_LIST = "published-hours"
_SEPARATOR = "\x00"  # sorts before all that is in names
_LONGEST = 200  # characters of a name to sort by: a sort key has at most 1,024 bytes

# The cursor of a page: name and id of the last teacher shown.
Position = tuple[str, str]


class DynamoHoursStore:
    """Implements meetings.booking.ports.HoursStore.

    Changes of hours are changes of an account, which counts its own: they take places behind those.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._changes = tables.of(CHANGES)

    async def get(self, teacher_id: str) -> Hours | None:
        found = self._found(teacher_id)
        return None if found is None else _hours(found)

    async def save(self, hours: Hours, changes: Sequence[Change]) -> None:
        retry_until_written(lambda: self._save(hours, changes))

    def _save(self, hours: Hours, changes: Sequence[Change]) -> None:
        stored = self._found(hours.teacher_id)
        if hours.version != (0 if stored is None else stored["version"]) + 1:
            raise Conflict()
        values = {**_key(hours.teacher_id), "version": hours.version, "body": _body(hours)}
        if stored is None:
            written = put(self._table, values, NEW)
        else:
            written = put(self._table, values, "#version = :before", before=stored["version"])
        listed = self._listed(hours, None if stored is None else _hours(stored))
        try:
            self._dynamo.transact(written, *listed, *sign_in_changes(self._changes, changes))
        except ConditionFailed as error:
            if error.index == 0:
                raise Conflict() from error
            raise

    def _listed(self, hours: Hours, before: Hours | None) -> list[Operation]:
        """Return what keeps the list right."""
        now = _list_key(hours) if hours.published else None
        old = _list_key(before) if before is not None and before.published else None
        operations: list[Operation] = []
        if now is not None:
            operations.append(put(self._table, {**now, "body": _body(hours)}))
        if old is not None and old != now:
            operations.append(delete(self._table, old))
        return operations

    async def page(self, limit: int, cursor: str | None) -> Page[Hours]:
        start = None
        if cursor is not None:
            start = {"id": _LIST, "part": _SEPARATOR.join(decode_cursor(cursor, Position))}
        query = Query(self._table, "#id = :list", {"list": _LIST}, start=start)
        found: list[Hours] = []
        for values in self._dynamo.query(query):
            if len(found) == limit:
                return Page(found, encode_cursor(_position(found[-1])))
            found.append(_hours(values))
        return Page(found, None)

    async def forget(self, teacher_id: str) -> None:
        retry_until_written(lambda: self._forget(teacher_id))

    def _forget(self, teacher_id: str) -> None:
        stored = self._found(teacher_id)
        if stored is None:
            return
        unchanged = {"before": stored["version"]}
        gone = delete(self._table, _key(teacher_id), "#version = :before", **unchanged)
        self._dynamo.transact(gone, delete(self._table, _list_key(_hours(stored))))

    def _found(self, teacher_id: str) -> Values | None:
        return self._dynamo.get(self._table, _key(teacher_id))


def _key(teacher_id: str) -> Values:
    return alone("hours", teacher_id)


def _position(hours: Hours) -> Position:
    return folded(hours.teacher_name)[:_LONGEST], hours.teacher_id


def _list_key(hours: Hours) -> Values:
    return {"id": _LIST, "part": _SEPARATOR.join(_position(hours))}


def _hours(values: Values) -> Hours:
    return msgspec.json.decode(values["body"], type=Hours)


def _body(hours: Hours) -> str:
    return msgspec.json.encode(hours).decode()
