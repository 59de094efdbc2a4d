"""Who was connected to a meeting, on SQL."""

from typing import Any

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.presence.model import Connection
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_connections

_FIELDS = Connection.__struct_fields__
_COLUMNS = [meeting_connections.c[name] for name in _FIELDS]


class SqlPresenceStore:
    """Implements meetings.ports.PresenceStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._put = _upsert(database.dialect)

    async def put(self, connection: Connection) -> None:
        values = {**msgspec.structs.asdict(connection), "role": connection.role.value}
        await self._database.write(lambda c: c.execute(self._put, values))

    async def of_meeting(self, meeting_id: str) -> list[Connection]:
        query = select(*_COLUMNS).where(meeting_connections.c.meeting_id == meeting_id)
        query = query.order_by(meeting_connections.c.begun_at, meeting_connections.c.connection_id)
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_connection(row) for row in rows]


def _connection(row: Any) -> Connection:
    values = dict(zip(_FIELDS, row, strict=True))
    return Connection(**{**values, "role": MeetingRole(values["role"])})


def _upsert(dialect: str) -> Any:
    """Insert, or learn what is new: what was seen later, and the first end that was told."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(meeting_connections)
    new, old = statement.excluded, meeting_connections.c
    later = new.seen_at > old.seen_at
    return statement.on_conflict_do_update(
        index_elements=[old.connection_id],
        set_={
            "seen_at": case((later, new.seen_at), else_=old.seen_at),
            "ended_at": func.coalesce(old.ended_at, new.ended_at),
        },
    )
