"""The meeting store on SQL."""

import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, insert, or_, select, tuple_, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.meetings.columns import named_of
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit
from quadrangle.meetings.window_rules import ends_at
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.lookups import Lookups
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings import hours
from quadrangle.sql.meetings.tables import meetings

UNSETTLED_PAGE = 200
# The cursor of a page: start and id of the last meeting shown.
_Position = tuple[str, str]
Rows = Select[Any, Any, Any]


class SqlMeetingStore:
    """Implements meetings.ports.MeetingStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lookups = Lookups(database, "meetings", "id", ("id", "body"), _meeting_of)

    async def add(
        self,
        meetings: Sequence[Meeting],
        changes: Sequence[Change],
        claims: Mapping[str, Sequence[HourClaim]] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        def work(connection: Connection) -> None:
            for meeting in meetings:
                if limit is not None:
                    hours.require_room(connection, meeting, limit)
                _insert(connection, meeting)
                hours.claim(
                    connection, meeting.meeting_id, (claims or {}).get(meeting.meeting_id, ())
                )
            feed.append(connection, *changes)

        await self._database.write(work)

    async def get(self, meeting_id: str) -> Meeting | None:
        return await self._lookups.get(meeting_id)

    async def save(
        self,
        meeting: Meeting,
        changes: Sequence[Change],
        claims: Sequence[HourClaim] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        def work(connection: Connection) -> None:
            _update(connection, meeting)
            if limit is not None:
                hours.require_room(connection, meeting, limit)
            if meeting.is_over:
                hours.release(connection, meeting.meeting_id)
            elif claims is not None:
                hours.claim(connection, meeting.meeting_id, claims)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def page(self, query: MeetingQuery, limit: int, cursor: str | None) -> Page[Meeting]:
        after = None if cursor is None else decode_cursor(cursor, _Position)
        statements = pages_of(query, after, limit + 1)

        def work(connection: Connection) -> list[Any]:
            found = [connection.execute(statement).all() for statement in statements]
            merged = heapq.merge(*found, key=_position, reverse=query.newest_first)
            return list(merged)[: limit + 1]

        rows = await self._database.read(work)
        shown = rows[:limit]
        more = encode_cursor(_position(shown[-1])) if len(rows) > limit else None
        return Page([_meeting(row.body) for row in shown], more)

    async def unsettled(self, now: str) -> AsyncIterator[Meeting]:
        after: _Position | None = None
        while True:
            rows = await self._rows(due_at(now, after).limit(UNSETTLED_PAGE))
            for row in rows:
                yield _meeting(row.body)
            if len(rows) < UNSETTLED_PAGE:
                return
            after = (rows[-1].look_at, rows[-1].id)

    async def of_machine(self, machine_id: str) -> str | None:
        columns = meetings.c.teacher_ec2_id, meetings.c.student_ec2_id
        query = select(meetings.c.id).where(or_(*(column == machine_id for column in columns)))
        rows = await self._rows(query.limit(1))
        return rows[0].id if rows else None

    async def _rows(self, query: Rows | Select[Any]) -> Sequence[Any]:
        return await self._database.read(lambda c: c.execute(query).all())


def due_at(now: str, after: _Position | None) -> Rows:
    """Return the statement of what a sweep looks at, beyond a place by `look_at` and id."""
    order = (meetings.c.look_at, meetings.c.id)
    due = select(*order, meetings.c.body).where(meetings.c.look_at <= now).order_by(*order)
    return due if after is None else due.where(tuple_(*order) > after)


def pages_of(query: MeetingQuery, after: _Position | None, limit: int) -> list[Rows]:
    """Return a statement for each side a person can be on, as each has its index."""
    order = (meetings.c.meet_time, meetings.c.id)
    statement = select(*order, meetings.c.body).where(*_conditions(query)).limit(limit)
    if after is not None:
        beyond = tuple_(*order) < after if query.newest_first else tuple_(*order) > after
        statement = statement.where(beyond)
    directed = [column.desc() if query.newest_first else column for column in order]
    statement = statement.order_by(*directed)
    if query.person_id is None:
        return [statement]
    teaches = meetings.c.teacher_id == query.person_id
    learns = meetings.c.student_id == query.person_id
    elsewhere = or_(meetings.c.teacher_id.is_(None), meetings.c.teacher_id != query.person_id)
    return [statement.where(teaches), statement.where(learns, elsewhere)]


def _conditions(query: MeetingQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.status is not None:
        conditions.append(meetings.c.status == query.status.value)
    if query.first is not None:
        conditions.append(meetings.c.meet_time >= query.first)
    if query.last is not None:
        conditions.append(meetings.c.meet_time < query.last)
    return conditions


def _position(row: Any) -> _Position:
    return row.meet_time, row.id


def _meeting_of(row: Sequence[Any]) -> Meeting:
    return _meeting(row[1])


def _meeting(body: str) -> Meeting:
    return msgspec.json.decode(body, type=Meeting)


def _insert(connection: Connection, meeting: Meeting) -> None:
    connection.execute(insert(meetings), _values(meeting))


def _update(connection: Connection, meeting: Meeting) -> None:
    known = (meetings.c.id == meeting.meeting_id) & (meetings.c.version == meeting.version - 1)
    if connection.execute(update(meetings).where(known).values(_values(meeting))).rowcount != 1:
        raise Conflict()


def _values(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.meeting_id,
        **named_of(meeting),
        "begins_at": meeting.begins,
        "ends_at": to_text(ends_at(meeting)),
        "ended_at": meeting.ended_at,
        "look_at": meeting.look_at,
        "version": meeting.version,
        "body": msgspec.json.encode(meeting).decode(),
    }
