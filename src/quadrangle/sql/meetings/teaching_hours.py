"""The free hours of teachers on SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, tuple_, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.text import folded
from quadrangle.meetings.booking.model import Hours
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings.booking_tables import teaching_hours

# The cursor of a page: name and id of the last teacher shown.
_Position = tuple[str, str]
_ORDER = (teaching_hours.c.folded_name, teaching_hours.c.teacher_id)


class SqlHoursStore:
    """Implements meetings.booking.ports.HoursStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, teacher_id: str) -> Hours | None:
        query = select(teaching_hours.c.body).where(teaching_hours.c.teacher_id == teacher_id)
        body = await self._database.read(lambda c: c.execute(query).scalar())
        return None if body is None else _hours(body)

    async def save(self, hours: Hours, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            _save(connection, hours)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def page(self, limit: int, cursor: str | None) -> Page[Hours]:
        query = select(*_ORDER, teaching_hours.c.body).where(teaching_hours.c.published)
        if cursor is not None:
            query = query.where(tuple_(*_ORDER) > decode_cursor(cursor, _Position))
        query = query.order_by(*_ORDER).limit(limit + 1)
        rows = await self._database.read(lambda c: c.execute(query).all())
        shown = rows[:limit]
        more = encode_cursor(tuple(shown[-1][:2])) if len(rows) > limit else None
        return Page([_hours(row.body) for row in shown], more)

    async def forget(self, teacher_id: str) -> None:
        statement = delete(teaching_hours).where(teaching_hours.c.teacher_id == teacher_id)
        await self._database.write(lambda c: c.execute(statement))


def _save(connection: Connection, hours: Hours) -> None:
    """Only one transaction writes at a time (decision 0002), so what is read here still holds."""
    its = teaching_hours.c.teacher_id == hours.teacher_id
    stored = connection.execute(select(teaching_hours.c.version).where(its)).scalar()
    if hours.version != (stored or 0) + 1:
        raise Conflict()
    values = _values(hours)
    if stored is None:
        connection.execute(insert(teaching_hours), values)
    else:
        connection.execute(update(teaching_hours).where(its).values(values))


def _hours(body: str) -> Hours:
    return msgspec.json.decode(body, type=Hours)


def _values(hours: Hours) -> dict[str, Any]:
    return {
        "teacher_id": hours.teacher_id,
        "folded_name": folded(hours.teacher_name),
        "published": hours.published,
        "version": hours.version,
        "body": msgspec.json.encode(hours).decode(),
    }
