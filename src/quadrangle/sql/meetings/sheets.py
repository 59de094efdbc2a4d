"""Sheets of meetings on SQL: all kinds in one table."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, insert, select, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.materials.model import Sheet
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings.tables import meeting_sheets

S = TypeVar("S", bound=Sheet)
_TABLE = meeting_sheets


class SqlSheets(Generic[S]):
    """Implements meetings.sheets.SheetStore for the sheets that `shape` is the class of; `kind` is
    what the table calls them.

    Only one transaction writes at a time (decision 0002), so what one has read still holds.
    """

    def __init__(self, database: Database, kind: str, shape: type[S]) -> None:
        self._database = database
        self._kind = kind
        self._shape = shape

    async def get(self, meeting_id: str) -> S:
        query = select(_TABLE.c.body).where(*self._of(meeting_id))
        body = await self._database.read(lambda c: c.execute(query).scalar())
        return self._shape(meeting_id) if body is None else self._decoded(body)

    async def save(self, sheet: S, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            self._replace(connection, sheet)
            feed.append(connection, *changes)

        await self._database.write(work)

    async def due(self, now: str, limit: int) -> list[str]:
        query = (
            select(_TABLE.c.meeting_id)
            .where(_TABLE.c.kind == self._kind, _TABLE.c.look_at <= now)
            .order_by(_TABLE.c.look_at, _TABLE.c.meeting_id)
            .limit(limit)
        )
        return list(await self._database.read(lambda c: c.execute(query).scalars().all()))

    def _of(self, meeting_id: str) -> tuple[Any, Any]:
        return _TABLE.c.kind == self._kind, _TABLE.c.meeting_id == meeting_id

    def _decoded(self, body: str) -> S:
        return msgspec.json.decode(body, type=self._shape)

    def _replace(self, connection: Connection, sheet: S) -> None:
        values = {
            "kind": self._kind,
            "meeting_id": sheet.meeting_id,
            "version": sheet.version,
            "look_at": sheet.look_at,
            "body": msgspec.json.encode(sheet).decode(),
        }
        mine = self._of(sheet.meeting_id)
        if sheet.version == 1:
            if connection.execute(select(_TABLE.c.version).where(*mine)).first() is not None:
                raise Conflict()
            connection.execute(insert(_TABLE), values)
            return
        before = (*mine, _TABLE.c.version == sheet.version - 1)
        if not connection.execute(update(_TABLE).where(*before).values(values)).rowcount:
            raise Conflict()
