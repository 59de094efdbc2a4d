"""Machines that seemed to be nobody's, on SQL."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_reap_marks


class SqlReapMarks:
    """Implements meetings.ports.ReapMarks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[str, str]:
        rows = await self._database.read(lambda c: c.execute(select(meeting_reap_marks)).all())
        return {row.machine_id: row.marked_at for row in rows}

    async def replace(self, marks: Mapping[str, str]) -> None:
        rows = [{"machine_id": machine, "marked_at": at} for machine, at in marks.items()]

        def work(connection: Connection) -> None:
            connection.execute(delete(meeting_reap_marks))
            if rows:
                connection.execute(insert(meeting_reap_marks), rows)

        await self._database.write(work)
