"""What single rows hold, by their key, many callers in one query.

Requests that ask in the same turn of the event loop share a statement. On SQLite it runs right
there: the row is in memory or one read away, and handing it to a thread costs more than reading
it. On PostgreSQL it runs in a reader thread, and what is asked meanwhile waits for the next.

On SQLite what was read is kept until anybody has committed anything, which SQLite tells: once in a
turn, before anything that is kept is given. Who was told of a write asks in a later turn, so
nobody gets what was there before it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from quadrangle.sql.base.database import Database

T = TypeVar("T")
Row = Sequence[Any]
Waiting = list[tuple[str, asyncio.Future[T | None]]]
MAX_KEYS = 256
MOST_KEPT = 1024  # 20 MB of the longest texts there are; when more would be, all go


class Lookups(Generic[T]):
    """Finds single rows of `table` by its unique text column `key`; `made_of` makes of one what is
    given to callers, who share it."""

    def __init__(
        self,
        database: Database,
        table: str,
        key: str,
        columns: Sequence[str],
        made_of: Callable[[Row], T],
    ) -> None:
        self._database = database
        self._on_loop = database.dialect == "sqlite"
        self._statement = _statement(database.dialect, table, key, columns)
        self._key_index = list(columns).index(key)
        self._made_of = made_of
        self._waiting: Waiting[T] = []
        self._busy = False
        self._kept: dict[str, T] = {}
        self._version: object = None
        self._is_current = False

    async def get(self, key: str) -> T | None:
        """Return what the row holds, None when there is none. Raises Unavailable."""
        if self._on_loop:
            if not self._is_current:
                self._look_whether_current()
            kept = self._kept.get(key)
            if kept is not None:
                return kept
        return await self._asked(key)

    def _look_whether_current(self) -> None:
        # first the turn's end: who is told of a write of another process meanwhile asks after it
        asyncio.get_running_loop().call_soon(self._end_turn)
        version = self._database.version_here()
        if version != self._version:
            self._kept.clear()
            self._version = version
        self._is_current = True

    def _end_turn(self) -> None:
        self._is_current = False

    def _asked(self, key: str) -> asyncio.Future[T | None]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T | None] = loop.create_future()
        self._waiting.append((key, future))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._start)
        return future

    def _start(self) -> None:
        batch, self._waiting = self._waiting[:MAX_KEYS], self._waiting[MAX_KEYS:]
        keys = [key for key, _ in batch]
        if self._on_loop:
            try:
                found = self._fetch(keys)
                self._keep(found)
            except Exception as error:
                self._finish(batch, {}, error)
            else:
                self._finish(batch, found, None)
            return
        running = asyncio.get_running_loop().run_in_executor(
            self._database.readers, self._fetch, keys
        )
        running.add_done_callback(lambda done: self._fetched(batch, done))

    def _fetched(self, batch: Waiting[T], done: asyncio.Future[dict[str, T]]) -> None:
        error = done.exception()
        self._finish(batch, {} if error else done.result(), error)

    def _finish(self, batch: Waiting[T], found: dict[str, T], error: BaseException | None) -> None:
        for key, future in batch:
            if future.done():
                continue
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(found.get(key))
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._start)
        else:
            self._busy = False

    def _keep(self, found: dict[str, T]) -> None:
        if len(self._kept) + len(found) > MOST_KEPT:
            self._kept.clear()
        self._kept.update(found)

    def _fetch(self, keys: list[str]) -> dict[str, T]:
        (row,) = self._database.query_here(self._statement, (msgspec.json.encode(keys).decode(),))
        rows: list[Row] = msgspec.json.decode(row[0]) if row[0] else []
        return {row[self._key_index]: self._made_of(row) for row in rows}


def _statement(dialect: str, table: str, key: str, columns: Sequence[str]) -> str:
    """One row with all results as a JSON text: few crossings between Python and the driver."""
    names = ", ".join(columns)
    if dialect == "sqlite":
        return (
            f"SELECT json_group_array(json_array({names})) FROM {table} "
            f"WHERE {key} IN (SELECT value FROM json_each(?))"
        )
    return (
        f"SELECT json_agg(json_build_array({names}))::text FROM {table} "
        f"WHERE {key} IN (SELECT jsonb_array_elements_text(%s::jsonb))"
    )
