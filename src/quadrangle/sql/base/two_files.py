"""On SQLite two files: facts, and what follows from them.

The server writes facts and waits for the disk; the worker writes what follows (jobs, mails, search,
counts, the audit) and need not. With one file they wrote by turns, and each found the pages of the
other's last write changed. docs/decisions/0038 has figures, and what crosses the line.

Here the second file is made: from the tables of an installation that had one file, or anew.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import IntEnum, StrEnum
from pathlib import Path
from urllib.parse import quote

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.disk import force_to_disk
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.connections import BUSY_TIMEOUT_MS, OTHER_PAIR
from quadrangle.sql.base.migrate import statements_of
from quadrangle.sql.base.process_lock import ProcessLock
from quadrangle.sql.migrations.following import BOTH, FOLLOWING


class Follower(StrEnum):
    """How the second file was found."""

    THERE = "there"
    MOVED = "moved"  # its tables were in the first one
    LOST = "lost"  # made anew: what was only in it is gone


class Anew(msgspec.Struct, frozen=True):
    """What a second file begins with that was lost: consumers of the change feed that go on with
    what comes, as all before would be done once more; and the change that tells of the loss."""

    from_now: Sequence[str]
    told: Change


def follower_of(facts: str) -> str:
    """Return where the second file of a SQLite database is: its own, whatever else lies there."""
    path = Path(facts)
    stem = path.name.removesuffix(".db")
    return str(path.with_name(f"{stem}-worker.db" if stem != path.name else f"{stem}-worker"))


NO_FACTS = (
    "{facts} is not there, but {path} is, which holds what follows from it. Bring back both "
    "databases of a backup, or move {path} away too to begin anew."
)
NO_PAIR = (
    "{facts} has mails and jobs of its own, and {path} holds others: they are not of one "
    "installation, or {facts} is of before the two were divided. Bring back both databases of one "
    "backup, or move {path} away to lose what is in it."
)


def require_facts(facts: str) -> None:
    """Raise Unavailable where the second file is there without the first, which would be made anew
    with nothing in it."""
    path = Path(follower_of(facts))
    if _is_empty(path) or not _is_empty(Path(facts)):
        return
    raise Unavailable(NO_FACTS.format(facts=facts, path=path))


def _is_empty(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def ensure_follower(facts: str, anew: Callable[[], Anew]) -> Follower:
    """Have the second file, beside facts whose schema is up to date.

    Whatever ends this in the middle, it begins again: tables are dropped from the facts once their
    copies are on disk and were compared with them. A file that was in use is never replaced.
    Raises Unavailable.
    """
    path = Path(follower_of(facts))
    made = path.with_name(path.name + ".new")
    try:
        with ProcessLock(facts), _opened(facts) as connection:
            return _ensure(connection, path, made, anew)
    except (sqlite3.Error, OSError) as error:
        with contextlib.suppress(OSError):
            _remove(made)  # it takes room, and is begun anew
        reason = str(error).rstrip(".")
        raise Unavailable(f"{path} could not be made: {reason}. Nothing is lost.") from error


def _ensure(
    connection: sqlite3.Connection, path: Path, made: Path, anew: Callable[[], Anew]
) -> Follower:
    state = _state(path)
    if _has_table(connection, FOLLOWING[0]):
        if state is _State.IN_USE:
            facts = connection.execute("PRAGMA database_list").fetchone()[2]
            raise Unavailable(NO_PAIR.format(facts=facts, path=path))
        if state is None:
            _set_aside(path)
        _move(connection, path, made)
        _set_state(path, _State.IN_USE)
        found = Follower.MOVED
    elif state is None:
        _make_anew(connection, made, anew())
        _set_aside(path)
        _put_in_place(made, path)
        found = Follower.LOST
    else:
        if state is _State.COPY:
            _set_state(path, _State.IN_USE)
        found = Follower.THERE
    _require_pair(connection, path)
    return found


def _require_pair(connection: sqlite3.Connection, path: Path) -> None:
    """Have both files say the same number, which is of this installation alone. Raises Unavailable
    where the second one has that of another. What is older than these numbers has none."""
    facts = connection.execute("PRAGMA main.application_id").fetchone()[0]
    with _only_opened(path) as following:
        try:
            other = following.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.DatabaseError:
            return  # whoever uses it says that it cannot be used
        if facts and other and facts != other:
            name = connection.execute("PRAGMA database_list").fetchone()[2]
            raise Unavailable(OTHER_PAIR.format(one=name, other=path))
        number = facts or other or secrets.randbelow(2**31 - 1) + 1
        if other != number:
            following.execute(f"PRAGMA application_id = {number}")
    if facts != number:
        connection.execute(f"PRAGMA main.application_id = {number}")


def are_of_one(facts: Path, second: Path) -> bool:
    """Tell whether two files may be those of one installation. Raises Unavailable."""
    try:
        with _only_opened(facts) as one, _only_opened(second) as other:
            numbers = {c.execute("PRAGMA application_id").fetchone()[0] for c in (one, other)}
    except sqlite3.Error as error:
        raise Unavailable() from error
    return len(numbers - {0}) < 2


def is_divided(facts: Path) -> bool:
    """Tell whether a database has no tables of what follows any more. Raises Unavailable."""
    try:
        with _only_opened(facts) as connection:
            return not _has_table(connection, FOLLOWING[0])
    except sqlite3.Error as error:
        raise Unavailable() from error


class _State(IntEnum):
    """What a second file says of itself, as its `user_version`."""

    COPY = 1  # of tables that the facts may still have
    IN_USE = 2


def _state(path: Path) -> _State | None:
    """Return the state of a second file; None where there is none, or nothing in it."""
    if _is_empty(path):
        return None
    try:
        with _only_opened(path) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        return _State.IN_USE  # whoever uses it says that it cannot be used
    return _State(version) if version in list(_State) else None


def _set_state(path: Path, state: _State) -> None:
    with _only_opened(path) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA user_version = {state.value}")


@contextmanager
def _only_opened(path: Path) -> Iterator[sqlite3.Connection]:
    there = f"file:{quote(str(path))}?mode=rw"  # never makes one
    with closing(sqlite3.connect(there, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        yield connection


@contextmanager
def _opened(facts: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(facts, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA synchronous = FULL")
        yield connection


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(found, (name,)).fetchone() is not None


# -- from one file --------------------------------------------------------------------------------


def _move(connection: sqlite3.Connection, path: Path, made: Path) -> None:
    _remove(made, path)  # a copy that was never used: facts still have its tables
    _make_schema(connection, made)
    connection.execute("ATTACH ? AS made", (str(made),))
    connection.execute("PRAGMA made.synchronous = OFF")
    with _transaction(connection):
        for table in _stored(connection):
            _copy(connection, table)
        numbers = "SELECT name, seq FROM main.sqlite_sequence WHERE name IN ({})"
        known = ", ".join(f"'{name}'" for name in FOLLOWING)
        connection.execute("DELETE FROM made.sqlite_sequence")
        connection.execute(f"INSERT INTO made.sqlite_sequence {numbers.format(known)}")
    for table in _stored(connection):
        _compare(connection, table)
    connection.execute("DETACH made")
    _put_in_place(made, path)
    with _transaction(connection):
        for table in FOLLOWING:
            connection.execute(f"DROP TABLE {table}")


def _stored(connection: sqlite3.Connection) -> list[str]:
    """Return the tables that rows are copied of: an index of words is what its own tables hold."""
    rows = connection.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table'")
    tables = {name: sql or "" for name, sql in rows}
    virtual = [name for name in FOLLOWING if tables[name].startswith("CREATE VIRTUAL")]
    inner = [name for name in tables if name.startswith(tuple(f"{each}_" for each in virtual))]
    return [name for name in FOLLOWING if name not in virtual] + inner


def _copy(connection: sqlite3.Connection, table: str) -> None:
    columns = ", ".join(_columns(connection, table))
    connection.execute(f"DELETE FROM made.{table}")
    connection.execute(f"INSERT INTO made.{table} ({columns}) SELECT {columns} FROM main.{table}")


def _compare(connection: sqlite3.Connection, table: str) -> None:
    """Raise sqlite3.DatabaseError unless a copy has as many rows, as long in each column."""
    lengths = ", ".join(f"sum(length({name}))" for name in _columns(connection, table))
    query = f"SELECT count(*), {lengths} FROM {{}}.{table}"
    copied = connection.execute(query.format("made")).fetchone()
    if copied != connection.execute(query.format("main")).fetchone():
        raise sqlite3.DatabaseError(f"the copy of the table {table} is not what it was made of")


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]


# -- anew -----------------------------------------------------------------------------------------

_TELL = (
    "INSERT INTO changes (kind, subject, data, actor, actor_id, origin, at) "
    "VALUES (:kind, :subject, :data, :actor, :actor_id, :origin, :at)"
)


def _make_anew(connection: sqlite3.Connection, made: Path, anew: Anew) -> None:
    _remove(made)
    _make_schema(connection, made)
    newest = connection.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
    with closing(sqlite3.connect(made, isolation_level=None)) as new, _transaction(new):
        cursors = [(consumer, newest) for consumer in anew.from_now]
        new.executemany("INSERT INTO feed_cursors (consumer, seq) VALUES (?, ?)", cursors)
    _set_state(made, _State.IN_USE)
    told = msgspec.structs.asdict(anew.told)
    with _transaction(connection):
        connection.execute(_TELL, {**told, "data": msgspec.json.encode(anew.told.data).decode()})


def _make_schema(facts: sqlite3.Connection, made: Path) -> None:
    """Make the tables by the steps that the facts have seen, and drop those of the facts."""
    steps = [row[0] for row in facts.execute("SELECT number FROM schema_steps")]
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA user_version = {_State.COPY.value}")
        with _transaction(connection):
            for statement in statements_of("sqlite", steps):
                connection.execute(statement)
            for table in _others(connection):
                connection.execute(f"DROP TABLE {table}")
    made.chmod(0o600)


def _others(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {name: sql or "" for name, sql in rows}
    virtual = [name for name, sql in tables.items() if sql.startswith("CREATE VIRTUAL")]
    inner = tuple(f"{name}_" for name in virtual)
    kept = (*FOLLOWING, *BOTH)
    return [
        name for name in tables if name not in kept and not name.startswith((*inner, "sqlite_"))
    ]


# -- files ----------------------------------------------------------------------------------------


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _set_aside(path: Path) -> None:
    """Have logs of a file that is gone be read by nobody: SQLite would bring them into the new."""
    for file in _with_logs([path]):
        if file.exists():
            file.rename(file.with_name(file.name + ".left"))


def _remove(*files: Path) -> None:
    for file in _with_logs(files):
        file.unlink(missing_ok=True)


def _with_logs(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        yield from (file.with_name(file.name + end) for end in ("", "-wal", "-shm", "-journal"))


def _put_in_place(made: Path, path: Path) -> None:
    """Give a finished file its name, once it is on disk; and the name too."""
    force_to_disk(made)
    made.rename(path)
    force_to_disk(path.parent)
