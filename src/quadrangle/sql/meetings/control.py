"""Who watches and helps in each meeting, on SQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.control.model import Control
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings.tables import meeting_controls

_TABLE = meeting_controls


class SqlControlStore:
    """Implements meetings.control.ports.ControlStore.

    Only one transaction writes at a time (decision 0002), so what one has read still holds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, meeting_id: str) -> Control:
        body = await self._database.read(lambda c: c.execute(_body(meeting_id)).scalar())
        return Control(meeting_id) if body is None else msgspec.json.decode(body, type=Control)

    async def save(self, control: Control, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            _replace(connection, control)
            feed.append(connection, *changes)

        await self._database.write(work)


def _body(meeting_id: str) -> Any:
    return select(_TABLE.c.body).where(_TABLE.c.meeting_id == meeting_id)


def _replace(connection: Connection, control: Control) -> None:
    values = {
        "meeting_id": control.meeting_id,
        "version": control.version,
        "body": msgspec.json.encode(control).decode(),
    }
    mine = _TABLE.c.meeting_id == control.meeting_id
    if control.version == 1:
        if connection.execute(_body(control.meeting_id)).first() is not None:
            raise Conflict()
        connection.execute(insert(_TABLE), values)
        return
    before = mine & (_TABLE.c.version == control.version - 1)
    if not connection.execute(update(_TABLE).where(before).values(values)).rowcount:
        raise Conflict()
