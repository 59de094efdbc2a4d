"""Machines that were reaped, on SQL: the feed holds them, as changes of one subject."""

from quadrangle.meetings.oversight.model import Reaped
from quadrangle.meetings.oversight.reaped_rules import SUBJECT, change_of, reaped_of
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed


class SqlReapLog:
    """Implements meetings.ports.ReapLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reaped: Reaped) -> None:
        await self._database.write(lambda c: feed.append(c, change_of(reaped)))

    async def recent(self, limit: int) -> list[Reaped]:
        changes = await self._database.read(lambda c: feed.of_subject(c, SUBJECT))
        return [reaped_of(change) for change in reversed(changes[-limit:])]
