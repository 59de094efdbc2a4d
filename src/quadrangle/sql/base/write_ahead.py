"""The write-ahead log of SQLite: grown before anybody waits for it, and brought in at the end.

Appending to a file and waiting for the disk takes two to three times as long as writing over what
is there (docs/decisions/0038), and SQLite removes the log when the last connection closes.
"""

import contextlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import structlog

from quadrangle.kernel.disk import force_to_disk
from quadrangle.sql.base.connections import BUSY_TIMEOUT_MS, CHECKPOINT_PAGES
from quadrangle.sql.base.process_lock import ProcessLock

log = structlog.get_logger(__name__)

_PAGE = 4_096
_ROOM = 10  # times what the log takes must be free
_FEW_PAGES = 10  # in memory: what is beyond is written to the log before the transaction ends
_AT_ONCE = 100  # pages in a row


def grow_log(database: str) -> None:
    """Make the log of an open database as long as it becomes until it is brought in.

    By writing, as blocks that were only set aside are slow at first too: a transaction that is too
    large for memory goes to the log, and is undone. Where the disk is nearly full it stays short.
    """
    wanted = CHECKPOINT_PAGES * _PAGE
    free = shutil.disk_usage(os.path.dirname(database) or ".").free
    if _size(database) >= wanted or free < _ROOM * wanted:
        return
    try:
        with ProcessLock(database), closing(sqlite3.connect(database, isolation_level=None)) as c:
            _write_and_undo(c)
            force_to_disk(_log_of(database))
    except (sqlite3.Error, OSError) as error:
        log.warning("the log of the database is not grown", error=str(error))


def _write_and_undo(connection: sqlite3.Connection) -> None:
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", f"cache_size = {_FEW_PAGES}"):
        connection.execute("PRAGMA " + pragma)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE log_growth (filler BLOB)")
    rows = [(_AT_ONCE * _PAGE,)] * (CHECKPOINT_PAGES // _AT_ONCE)
    connection.executemany("INSERT INTO log_growth VALUES (zeroblob(?))", rows)
    connection.execute("ROLLBACK")


def bring_in(database: str) -> None:
    """Have the log in the database and gone, unless another process uses it.

    SQLite does that when the last connection closes; but one that may only read cannot.
    """
    there = f"file:{quote(database)}?mode=rw"  # never makes one
    with (
        contextlib.suppress(sqlite3.Error),
        closing(sqlite3.connect(there, uri=True)) as connection,
    ):
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _log_of(database: str) -> Path:
    return Path(f"{database}-wal")


def _size(database: str) -> int:
    try:
        return _log_of(database).stat().st_size
    except FileNotFoundError:
        return 0
