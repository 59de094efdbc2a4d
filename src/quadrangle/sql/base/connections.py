"""How connections to SQLite and PostgreSQL are made ready."""

import sqlite3
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from quadrangle.kernel.errors import Unavailable

BUSY_TIMEOUT_MS = 5_000
# When the log of SQLite is this long it is brought into the database: 16 MB.
CHECKPOINT_PAGES = 4_000
BESIDE = "beside"
_CACHE = "cache_size = -65536"


def engine_of(url: Any, flush: bool, *, makes: bool = True) -> Engine:
    """Connections in autocommit: transactions are begun and ended by statements.

    With `flush` False a commit does not wait for the disk. With `makes` False a SQLite file that is
    not there is not made.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            creator=lambda: _connected(url.database, "rwc" if makes else "rw"),
        )
        event.listen(engine, "connect", lambda connection, _: _prepare_sqlite(connection, flush))
        return engine
    options = {} if flush else {"options": "-c synchronous_commit=off"}
    return create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=options
    )


def _connected(path: str, mode: str) -> sqlite3.Connection:
    there = f"file:{quote(path)}?mode={mode}" if path else ":memory:"
    return sqlite3.connect(there, uri=True, check_same_thread=False, isolation_level=None)


OTHER_PAIR = (
    "{one} and {other} are not of one installation. Bring back both databases of one backup, or "
    "move the one that ends in -worker away to lose what is in it."
)


def attach(connection: Connection, file: str) -> None:
    """Have statements read tables of another SQLite file by their names; they cannot write there,
    and beginning to write takes no lock of it. Raises Unavailable where both are not of one
    installation: each says its number, but for what is older than these numbers."""
    connection.exec_driver_sql(f"ATTACH ? AS {BESIDE}", (f"file:{quote(file)}?mode=ro",))
    connection.exec_driver_sql(f"PRAGMA {BESIDE}.{_CACHE}")
    numbers = {
        connection.exec_driver_sql(f"PRAGMA {name}.application_id").scalar_one()
        for name in ("main", BESIDE)
    }
    if len(numbers - {0}) > 1:
        ours = connection.exec_driver_sql("PRAGMA database_list").fetchone()
        raise Unavailable(OTHER_PAIR.format(one=ours[2] if ours else "", other=file))


def _prepare_sqlite(connection: Any, flush: bool) -> None:
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        f"synchronous = {'FULL' if flush else 'NORMAL'}",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        "journal_size_limit = 67108864",
        _CACHE,
        "mmap_size = 268435456",
        "temp_store = MEMORY",
    ):
        connection.execute("PRAGMA " + pragma)
