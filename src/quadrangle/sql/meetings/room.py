"""The video room on SQL."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.room.model import Kind, Message, Participant
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_room_messages, meeting_room_people

_PEOPLE, _MESSAGES = meeting_room_people, meeting_room_messages
_FIELDS = Message.__struct_fields__
_COLUMNS = [_MESSAGES.c[name] for name in _FIELDS]


class SqlRoomStore:
    """Implements meetings.room.ports.RoomStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = _upsert(database.dialect)

    async def participants(self, meeting_id: str, now: str) -> list[Participant]:
        query = select(_PEOPLE).where(_PEOPLE.c.meeting_id == meeting_id, _PEOPLE.c.until > now)
        query = query.order_by(_PEOPLE.c.came_at, _PEOPLE.c.person_id)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_participant(row) for row in rows]

    async def put(self, participant: Participant) -> None:
        def work(connection: Connection) -> None:
            _clear_away(connection, participant.came_at)  # what nobody will ask for
            connection.execute(self._upsert, _row(participant))

        await self._database.write(work)

    async def clear_away(self, now: str) -> None:
        await self._database.write(lambda connection: _clear_away(connection, now))

    async def add(self, message: Message) -> int:
        values = msgspec.to_builtins(message)
        del values["place"]
        statement = insert(_MESSAGES).values(values).returning(_MESSAGES.c.place)
        return await self._database.write(lambda c: c.execute(statement).scalar_one())

    async def messages(
        self, meeting_id: str, reader: str, after: int, now: str, limit: int
    ) -> list[Message]:
        query = (
            select(*_COLUMNS)
            .where(
                _MESSAGES.c.meeting_id == meeting_id,
                _MESSAGES.c.place > after,
                _MESSAGES.c.until > now,
                or_(_MESSAGES.c.recipient == reader, _MESSAGES.c.recipient.is_(None)),
            )
            .order_by(_MESSAGES.c.place)
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_message(row) for row in rows]

    async def count(self, meeting_id: str, recipient: str | None, now: str) -> int:
        query = select(func.count()).where(
            _MESSAGES.c.meeting_id == meeting_id,
            _MESSAGES.c.until > now,
            _MESSAGES.c.recipient.is_(None)
            if recipient is None
            else _MESSAGES.c.recipient == recipient,
        )
        return await self._database.read(lambda c: c.execute(query).scalar_one())


def _clear_away(connection: Connection, now: str) -> None:
    for table in (_PEOPLE, _MESSAGES):
        connection.execute(delete(table).where(table.c.until <= now))


def _row(participant: Participant) -> dict[str, Any]:
    values = msgspec.to_builtins(participant)
    return {"person_id": values.pop("participant_id"), **values}


def _participant(row: Any) -> Participant:
    return Participant(
        participant_id=row.person_id,
        meeting_id=row.meeting_id,
        role=MeetingRole(row.role),
        came_at=row.came_at,
        seen_at=row.seen_at,
        until=row.until,
        left_at=row.left_at,
    )


def _message(row: Any) -> Message:
    values = dict(zip(_FIELDS, row, strict=True))
    values["sender_role"] = MeetingRole(values["sender_role"])
    return Message(**{**values, "kind": Kind(values["kind"])})


def _upsert(dialect: str) -> Any:
    """Insert, or learn what is new: what was seen later, and that somebody left, which stays."""
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_PEOPLE)
    new, old = statement.excluded, _PEOPLE.c
    later = func.max if dialect == "sqlite" else func.greatest
    return statement.on_conflict_do_update(
        index_elements=[old.person_id],
        set_={
            "seen_at": later(old.seen_at, new.seen_at),
            "left_at": func.coalesce(old.left_at, new.left_at),
        },
    )
