"""One database and its two ways in: grouped writes and concurrent reads.

Every write of a process goes through one writer thread, which takes all that wait into one
transaction and one flush to disk (group commit): acknowledged means on disk. One transaction
writes at a time across all processes, so change records get their numbers in commit order and a
feed reader never misses one that commits late. docs/decisions/0002 has the reasons and figures.
"""

import asyncio
import contextlib
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.connections import attach, engine_of
from quadrangle.sql.base.credentials import Credentials, opened_by
from quadrangle.sql.base.groups import (
    BulkInsert,
    Work,
    Write,
    execute,
    parts_of,
    resolve,
    run_part,
    translated,
)
from quadrangle.sql.base.process_lock import ProcessLock
from quadrangle.sql.base.signal import NoSignal, Signal
from quadrangle.sql.base.tables import CHOSEN

T = TypeVar("T")
log = structlog.get_logger(__name__)

MAX_GROUP = 512  # writes, about, per transaction: bounds how long the first of a group waits
READERS = 4
# Any number that other users of the same PostgreSQL database are unlikely to lock.
ADVISORY_LOCK = 0x51554144
# That of writes which append no changes: these need no turn among those that do.
FOLLOWING_LOCK = ADVISORY_LOCK + 1
# Says of a connection that it writes facts, and that what follows from them is in another file.
FACTS_ALONE = "facts_alone"
# Of a thread, its connections that read.
_ALONE, _BOTH = "alone", "both"


class Database:
    """SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`).

    `credentials` open it in place of a name and password in `url`. At most `readers` read at once.
    `schema` is where tables are that an operator has put apart (sql.base.tables.CHOSEN).
    With `flush` False, writes of this process survive its death, but a power cut may undo the
    last of them, in order and whole: for work that begins again from change records.

    `facts` and `follower` say that a SQLite database is one of two files (sql/base/two_files.py),
    and where the other one is. Whatever reads finds the tables of both. A write to what follows
    reads the facts too; a write to the facts knows of no other file.

    On PostgreSQL those who write take turns by the advisory lock `lock`.
    """

    def __init__(
        self,
        url: str,
        *,
        signal: Signal | None = None,
        flush: bool = True,
        schema: str | None = None,
        credentials: Credentials | None = None,
        readers: int = READERS,
        facts: str | None = None,
        follower: str | None = None,
        lock: int = ADVISORY_LOCK,
    ) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.dialect = parsed.get_backend_name()
        self.path = parsed.database if self.dialect == "sqlite" else None
        self.url = parsed
        self.signal: Signal = signal or NoSignal()
        self.schema = schema if self.dialect == "postgresql" else None
        self.engine = engine_of(parsed, flush, makes=facts is None).execution_options(
            schema_translate_map={CHOSEN: self.schema}
        )
        if credentials is not None:
            opened_by(self.engine, credentials)
        self._writes: queue.SimpleQueue[list[Write] | None] = queue.SimpleQueue()
        self._submitted: list[Write] = []
        self._lock = ProcessLock(self.path) if self.path else None
        self._writer: threading.Thread | None = None
        self._connection: Connection | None = None
        self.readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._local = threading.local()
        self._reader_connections: list[Connection] = []
        self._advisory_lock = lock
        self._facts = facts
        self._beside = facts or follower
        self.is_facts = follower is not None
        self.is_divided = self._beside is not None
        self._closed = False

    # -- writing ----------------------------------------------------------------------------

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own within the next group.

        Raises what `work` raises (its writes are then undone), or Unavailable when the database
        cannot take the write; nothing of it is saved then.
        """
        return await self._submit(Write(_future(), work))

    async def insert(self, bulk: BulkInsert, row: tuple[Any, ...]) -> None:
        """Insert one row of `bulk` with the next group. Raises like `write`."""
        await self._submit(Write(_future(), bulk, row))

    async def _submit(self, write: Write) -> Any:
        if self._closed:
            raise Unavailable()
        if self._writer is None:
            self._start_writer()
        if not self._submitted:
            write.future.get_loop().call_soon(self._hand_over)
        self._submitted.append(write)
        return await write.future

    def _hand_over(self) -> None:
        """Give the writer all that was submitted in this turn of the event loop.

        Waking it once for all costs the interpreter one change of threads instead of many.
        """
        submitted, self._submitted = self._submitted, []
        if submitted:
            self._writes.put(submitted)

    def _start_writer(self) -> None:
        self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
        self._writer.start()

    def _write_groups(self) -> None:
        while group := self._next_group():
            try:
                self._commit(group)
            except BaseException as error:
                failure = translated(error)
                for write in group:
                    write.error = failure
                resolve(group)  # first: nobody waits for what is said of it
                if isinstance(failure, Unavailable):
                    with contextlib.suppress(OSError):  # the disk of the log may be full too
                        log.error("write group failed", error=repr(error), writes=len(group))
            else:
                resolve(group)
        if self._connection is not None:
            self._connection.close()

    def _next_group(self) -> list[Write]:
        """Wait for a write and take all that came with it; empty once the database closes."""
        submitted = self._writes.get()
        if submitted is None:
            return []
        group = list(submitted)
        with contextlib.suppress(queue.Empty):
            while len(group) < MAX_GROUP:
                submitted = self._writes.get_nowait()
                if submitted is None:
                    self._writes.put(None)
                    break
                group += submitted
        return group

    def _commit(self, group: list[Write]) -> None:
        with self._lock or contextlib.nullcontext():
            connection = self._begun_writer()
            try:
                parts = list(parts_of(group))
                for part in parts:
                    run_part(connection, part, alone=len(parts) == 1)
                execute(connection, "COMMIT")
            except BaseException:
                self._abandon(connection)
                raise
        if connection.info.pop("wake", False):
            self.signal.send()

    def _begun_writer(self) -> Connection:
        """Return the connection with a transaction begun. One kept from before may have died
        meanwhile, as when PostgreSQL was restarted: then another is opened, once. (What SQLite
        refuses to begin waits for another process, which it did already.)"""
        may_have_died = self._connection is not None and self.dialect != "sqlite"
        connection = self._open_connection()
        try:
            self._begin(connection)
        except BaseException as error:
            self._abandon(connection)
            if may_have_died and isinstance(error, Exception) and self._connection is None:
                return self._begun_writer()
            raise
        return connection

    def _begin(self, connection: Connection) -> None:
        if self.dialect == "sqlite":
            execute(connection, "BEGIN IMMEDIATE")
        else:
            execute(connection, "BEGIN")
            execute(connection, f"SELECT pg_advisory_xact_lock({self._advisory_lock})")

    def _open_connection(self) -> Connection:
        if self._connection is None:
            connection = self._connected(self._facts)
            connection.info[FACTS_ALONE] = self.is_facts
            self._connection = connection
        return self._connection

    def _connected(self, beside: str | None) -> Connection:
        connection = self.engine.connect()
        try:
            if beside is not None:
                attach(connection, beside)
        except BaseException:
            connection.close()
            raise
        return connection

    def _abandon(self, connection: Connection) -> None:
        """Undo what is open; a connection that cannot even do that is replaced."""
        try:
            connection.info.pop("wake", None)
            connection.exec_driver_sql("ROLLBACK")
        except SQLAlchemyError:
            # SQLite has rolled back by itself, or the server is gone: start afresh either way
            self._connection = None
            with contextlib.suppress(SQLAlchemyError):
                connection.invalidate()
                connection.close()

    # -- reading ----------------------------------------------------------------------------

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent snapshot, beside the event loop. Raises Unavailable."""
        if self._closed:
            raise Unavailable()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.readers, self.read_here, work)

    def read_here(self, work: Work[T]) -> T:
        """Like `read`, but in the calling thread."""
        connection = self._begun_reader()
        try:
            result = work(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException as error:
            self._discard_reader(connection)
            raise translated(error) from error
        return result

    def _begun_reader(self) -> Connection:
        """Like _begun_writer. Raises Unavailable."""
        is_kept = getattr(self._local, _BOTH if self._beside else _ALONE, None) is not None
        connection = self._reader()
        try:
            connection.exec_driver_sql(
                "BEGIN" if self.dialect == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ"
            )
        except BaseException as error:
            self._discard_reader(connection)
            if is_kept and isinstance(error, DBAPIError) and error.connection_invalidated:
                return self._begun_reader()
            raise translated(error) from error
        return connection

    def query_here(self, statement: str, parameters: tuple[Any, ...]) -> list[Any]:
        """Run one reading statement in the driver's own words, in the calling thread.

        A single statement is a snapshot by itself, so it needs no transaction around it. Of two
        files it reads its own alone, whatever became of the other. Raises Unavailable.
        """
        connection = self._reader(alone=True)
        try:
            cursor = connection.connection.cursor()
            try:
                cursor.execute(statement, parameters)
                return list(cursor.fetchall())
            finally:
                cursor.close()
        except Exception as error:
            self._discard_reader(connection)
            raise translated(error) from error

    def version_here(self) -> tuple[Connection, int]:
        """Return what is another one as soon as anybody has committed to this file, asked in the
        same thread again. On SQLite alone. Raises Unavailable."""
        ((version,),) = self.query_here("PRAGMA main.data_version", ())
        return self._reader(alone=True), version

    def _reader(self, *, alone: bool = False) -> Connection:
        """Return this thread's connection that reads, of two files both, or its own `alone`."""
        alone = alone or self._beside is None
        name = _ALONE if alone else _BOTH
        connection = getattr(self._local, name, None)
        if connection is None:
            try:
                connection = self._connected(None if alone else self._beside)
            except SQLAlchemyError as error:
                raise translated(error) from error
            setattr(self._local, name, connection)
            self._reader_connections.append(connection)
        return cast(Connection, connection)

    def _discard_reader(self, connection: Connection) -> None:
        for name in (_ALONE, _BOTH):
            if getattr(self._local, name, None) is connection:
                setattr(self._local, name, None)
        with contextlib.suppress(SQLAlchemyError):
            connection.invalidate()
            connection.close()
        with contextlib.suppress(ValueError):
            self._reader_connections.remove(connection)

    # -- closing ----------------------------------------------------------------------------

    async def close(self) -> None:
        """Finish the writes already submitted, then let go of everything. May be repeated."""
        self._closed = True
        if self._writer is not None:
            self._hand_over()
            self._writes.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None
        await asyncio.to_thread(self.readers.shutdown)
        for connection in self._reader_connections:
            with contextlib.suppress(SQLAlchemyError):
                connection.close()
        self._reader_connections.clear()
        self.engine.dispose()


def _future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()
