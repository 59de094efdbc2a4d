"""Of what people want to be reminded, on SQL."""

import msgspec
from sqlalchemy import Connection, delete, insert, select

from quadrangle.meetings.calendar.model import ReminderChoice
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_reminder_choices

_TABLE = meeting_reminder_choices


class SqlReminderChoices:
    """Implements meetings.calendar.ports.ReminderChoices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account_id: str) -> ReminderChoice:
        query = select(_TABLE.c.body).where(_TABLE.c.account_id == account_id)
        body = await self._database.read(lambda c: c.execute(query).scalar())
        return ReminderChoice() if body is None else msgspec.json.decode(body, type=ReminderChoice)

    async def put(self, account_id: str, choice: ReminderChoice) -> None:
        values = {"account_id": account_id, "body": msgspec.json.encode(choice).decode()}

        def work(connection: Connection) -> None:
            _remove(connection, account_id)
            connection.execute(insert(_TABLE), values)

        await self._database.write(work)

    async def remove(self, account_id: str) -> None:
        await self._database.write(lambda connection: _remove(connection, account_id))


def _remove(connection: Connection, account_id: str) -> None:
    connection.execute(delete(_TABLE).where(_TABLE.c.account_id == account_id))
