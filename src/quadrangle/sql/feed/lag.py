"""How far those that follow the change feed are behind it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from quadrangle.kernel.clock import from_text
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.tables import changes


class Behind(msgspec.Struct, frozen=True, order=True):
    """How many changes somebody has before them, and for how many seconds the oldest has waited.

    Numbers of changes that were undone count too: PostgreSQL leaves them out.
    """

    changes: int = 0
    seconds: float = 0.0


async def behind(database: Database, consumers: Sequence[str], now: datetime) -> dict[str, Behind]:
    """Return how far each of them is behind. Raises Unavailable."""
    return await database.read(lambda c: _behind(c, consumers, now))


def _behind(connection: Connection, consumers: Sequence[str], now: datetime) -> dict[str, Behind]:
    # the cursors first: what they are compared with is then not older
    cursors = feed.cursors_of(connection, consumers)
    newest = feed.last_seq(connection)
    places = {place: _from(connection, place, newest, now) for place in set(cursors.values())}
    return {consumer: places[place] for consumer, place in cursors.items()}


def _from(connection: Connection, place: int, newest: int, now: datetime) -> Behind:
    first = select(changes.c.at).where(changes.c.seq > place).order_by(changes.c.seq).limit(1)
    at = connection.execute(first).scalar()
    if at is None:
        return Behind()
    return Behind(newest - place, max(0.0, (now - from_text(at)).total_seconds()))
