"""Rows by their key, many callers in one query.

Requests that ask in the same turn of the event loop share a statement. On SQLite it runs right
there: the row is in memory or one read away, and handing it to a thread costs more than reading
it. On PostgreSQL it runs in a reader thread, and what is asked meanwhile waits for the next.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from quadrangle.sql.base.database import Database

Row = Sequence[Any]
Waiting = list[tuple[str, asyncio.Future[Row | None]]]
MAX_KEYS = 256


class Lookups:
    """Finds single rows of `table` by its unique text column `key`."""

    def __init__(self, database: Database, table: str, key: str, columns: Sequence[str]) -> None:
        self._database = database
        self._on_loop = database.dialect == "sqlite"
        self._statement = _statement(database.dialect, table, key, columns)
        self._key_index = list(columns).index(key)
        self._waiting: Waiting = []
        self._busy = False

    def get(self, key: str) -> asyncio.Future[Row | None]:
        """Return a future of the row, None when there is none. It may raise Unavailable."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Row | None] = loop.create_future()
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
            except Exception as error:
                self._finish(batch, {}, error)
            else:
                self._finish(batch, found, None)
            return
        running = asyncio.get_running_loop().run_in_executor(
            self._database.readers, self._fetch, keys
        )
        running.add_done_callback(lambda done: self._fetched(batch, done))

    def _fetched(self, batch: Waiting, done: asyncio.Future[dict[str, Row]]) -> None:
        error = done.exception()
        self._finish(batch, {} if error else done.result(), error)

    def _finish(self, batch: Waiting, found: dict[str, Row], error: BaseException | None) -> None:
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

    def _fetch(self, keys: list[str]) -> dict[str, Row]:
        (row,) = self._database.query_here(self._statement, (msgspec.json.encode(keys).decode(),))
        rows = msgspec.json.decode(row[0]) if row[0] else []
        index = self._key_index
        return {found[index]: found for found in rows}


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
