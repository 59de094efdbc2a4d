"""Groups of writes: what is committed together, and how one's failure is kept from the others."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from quadrangle.kernel.errors import QuadrangleError, Unavailable

T = TypeVar("T")
Work = Callable[[Connection], T]


class BulkInsert(msgspec.Struct, frozen=True, eq=False):
    """Statements that insert many rows in one step each; their one parameter is a JSON array of
    arrays. A hot path uses it because each statement costs the interpreter more than each row."""

    statements: tuple[str, ...]


class Write(msgspec.Struct, eq=False, gc=False):
    """One write that waits for its group, and what came of it."""

    future: asyncio.Future[Any]
    work: Work[Any] | BulkInsert
    row: tuple[Any, ...] = ()
    result: Any = None
    error: BaseException | None = None


def wake_after_commit(connection: Connection) -> None:
    """Have feed readers and workers in every process look again once this write is on disk."""
    connection.info["wake"] = True


def parts_of(group: list[Write]) -> Iterator[list[Write]]:
    """Split a group into runs of one bulk insert each and single works, in order."""
    part: list[Write] = []
    for write in group:
        if part and not (isinstance(write.work, BulkInsert) and write.work is part[0].work):
            yield part
            part = []
        part.append(write)
    if part:
        yield part


def execute(connection: Connection, statement: str, *parameters: Any) -> None:
    """Run a statement in the driver's own words: a hot path, and nothing comes back."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, parameters)
    finally:
        cursor.close()


def run_part(connection: Connection, part: list[Write], *, alone: bool) -> None:
    """Run one part in a savepoint; its failure is its own, unless the transaction is lost.

    A part that is alone in its transaction needs no savepoint: undoing it undoes everything. The
    two statements saved matter, as each makes the interpreter change threads.
    """
    work = part[0].work
    if not alone:
        execute(connection, "SAVEPOINT part")
    woken_before = connection.info.get("wake", False)
    try:
        if isinstance(work, BulkInsert):
            _insert_rows(connection, work, part)
        else:
            part[0].result = work(connection)
    except BaseException as error:
        if alone or _transaction_lost(error):
            raise
        execute(connection, "ROLLBACK TO SAVEPOINT part")
        connection.info["wake"] = woken_before
        failure = translated(error)
        for write in part:
            write.error = failure
    if not alone:
        execute(connection, "RELEASE SAVEPOINT part")


def _insert_rows(connection: Connection, bulk: BulkInsert, part: list[Write]) -> None:
    rows = msgspec.json.encode([write.row for write in part]).decode()
    for statement in bulk.statements:
        execute(connection, statement, rows)
    wake_after_commit(connection)


def _transaction_lost(error: BaseException) -> bool:
    """A full disk or a lost server ends the whole transaction, not only the failing part."""
    original = error.orig if isinstance(error, DBAPIError) else error
    module = type(original).__module__.split(".")[0]
    if module not in ("sqlite3", "psycopg"):
        return False
    return not isinstance(error, IntegrityError) and type(original).__name__ != "IntegrityError"


def translated(error: BaseException) -> BaseException:
    """Turn a driver's error into the kernel's; everything else stays what it is."""
    if isinstance(error, (QuadrangleError, IntegrityError)):
        return error
    if _transaction_lost(error):
        unavailable = Unavailable()
        unavailable.__cause__ = error
        return unavailable
    return error


def resolve(group: list[Write]) -> None:
    """Tell the waiting callers, in one step per event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Write]] = {}
    for write in group:
        loops.setdefault(write.future.get_loop(), []).append(write)
    for loop, writes in loops.items():
        # A caller whose loop has closed can no longer be told; what it wrote is on disk.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_set_results, writes)


def _set_results(writes: list[Write]) -> None:
    for write in writes:
        if write.future.done():
            continue
        if write.error is not None:
            write.future.set_exception(write.error)
        else:
            write.future.set_result(write.result)
