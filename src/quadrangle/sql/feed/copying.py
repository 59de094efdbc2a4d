"""The change feed of a database, copied to where the rest of an installation follows changes."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import Connection

from quadrangle.kernel.change import Change
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed

AT_ONCE = 50

# Keeps changes elsewhere, in their order; safe to repeat. Raises Unavailable.
Keep = Callable[[Sequence[Change]], Awaitable[None]]


class FeedCopy:
    """Hands changes on in their order: `name` is that of its cursor, which moves once they are
    kept. So none is passed by, and after a crash some are kept again."""

    def __init__(self, database: Database, name: str, keep: Keep) -> None:
        self._database = database
        self._name = name
        self._keep = keep

    async def catch_up(self) -> int:
        """Hand on all there is now; return how many that were. Raises Unavailable."""
        total = 0
        while found := await self._database.read(self._next):
            await self._keep(found)
            await self._move(found[-1].seq)
            total += len(found)
        return total

    def _next(self, connection: Connection) -> list[Change]:
        return feed.read_after(connection, feed.cursor_of(connection, self._name), AT_ONCE)

    async def _move(self, seq: int) -> None:
        await self._database.write(lambda c: feed.move_cursor(c, self._name, seq))
