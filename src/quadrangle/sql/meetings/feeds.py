"""Calendar feeds on SQL."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from quadrangle.kernel.change import Change
from quadrangle.meetings.calendar.model import Feed
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed.feed import append
from quadrangle.sql.meetings.booking_tables import meeting_feeds


class SqlFeedStore:
    """Implements meetings.calendar.ports.FeedStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account_id: str) -> Feed | None:
        return await self._find(meeting_feeds.c.account_id == account_id)

    async def by_hash(self, token_hash: str) -> Feed | None:
        return await self._find(meeting_feeds.c.token_hash == token_hash)

    async def put(self, feed: Feed, changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            _remove(connection, feed.account_id)
            connection.execute(insert(meeting_feeds), msgspec.structs.asdict(feed))
            append(connection, *changes)

        await self._database.write(work)

    async def remove(self, account_id: str, changes: Sequence[Change]) -> bool:
        def work(connection: Connection) -> bool:
            removed = _remove(connection, account_id)
            if removed:
                append(connection, *changes)
            return removed

        return await self._database.write(work)

    async def _find(self, where: ColumnElement[bool]) -> Feed | None:
        query = select(meeting_feeds).where(where)
        row = await self._database.read(lambda c: c.execute(query).first())
        return None if row is None else Feed(*row)


def _remove(connection: Connection, account_id: str) -> bool:
    statement = delete(meeting_feeds).where(meeting_feeds.c.account_id == account_id)
    return connection.execute(statement).rowcount > 0
