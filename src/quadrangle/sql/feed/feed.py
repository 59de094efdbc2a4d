"""The change feed: change records in commit order, read by cursor."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, insert, select

from quadrangle.kernel.change import Change
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.groups import wake_after_commit
from quadrangle.sql.feed.tables import changes, feed_cursors


def append(connection: Connection, *records: Change) -> None:
    """Save change records in the caller's transaction."""
    rows = [
        {
            "kind": change.kind,
            "subject": change.subject,
            "data": msgspec.json.encode(change.data).decode(),
            "actor": change.actor,
            "actor_id": change.actor_id,
            "origin": change.origin,
            "at": change.at,
        }
        for change in records
    ]
    if rows:
        connection.execute(insert(changes), rows)
        wake_after_commit(connection)


def read_after(connection: Connection, seq: int, limit: int) -> list[Change]:
    """Return at most `limit` changes that come after `seq`, oldest first."""
    query = select(changes).where(changes.c.seq > seq).order_by(changes.c.seq).limit(limit)
    return [_change(row) for row in connection.execute(query)]


def at(connection: Connection, places: Sequence[int]) -> list[Change]:
    """Return the changes there are with these numbers, in any order."""
    query = select(changes).where(changes.c.seq.in_(places))
    return [_change(row) for row in connection.execute(query)]


def of_subject(connection: Connection, subject: str) -> list[Change]:
    """Return all changes of one subject, oldest first."""
    return of_subjects(connection, [subject])


def of_subjects(connection: Connection, subjects: Sequence[str]) -> list[Change]:
    """Return all changes of these subjects, oldest first."""
    query = select(changes).where(changes.c.subject.in_(subjects)).order_by(changes.c.seq)
    return [_change(row) for row in connection.execute(query)]


def last_seq(connection: Connection) -> int:
    """Return the number of the newest change, 0 when there is none."""
    query = select(changes.c.seq).order_by(changes.c.seq.desc()).limit(1)
    return connection.execute(query).scalar() or 0


def cursors_of(connection: Connection, consumers: Sequence[str]) -> dict[str, int]:
    """Return up to which change each of these has come, 0 at first."""
    query = select(feed_cursors.c.consumer, feed_cursors.c.seq)
    query = query.where(feed_cursors.c.consumer.in_(consumers))
    rows = connection.execute(query).all()
    return dict.fromkeys(consumers, 0) | {row.consumer: row.seq for row in rows}


def cursor_of(connection: Connection, consumer: str) -> int:
    """Return up to which change `consumer` has come, 0 at first."""
    return cursors_of(connection, [consumer])[consumer]


def move_cursor(connection: Connection, consumer: str, seq: int) -> None:
    """Remember in the caller's transaction that `consumer` is done up to `seq`."""
    move_cursors(connection, [consumer], seq)


def move_cursors(connection: Connection, consumers: Sequence[str], seq: int) -> None:
    """Remember in the caller's transaction that all of these are done up to `seq`."""
    if not consumers:
        return
    # one statement for both dialects; the table holds a handful of rows
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    rows = ", ".join([f"({mark}, {mark})"] * len(consumers))
    connection.exec_driver_sql(
        f"INSERT INTO feed_cursors (consumer, seq) VALUES {rows} "
        "ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq",
        tuple(value for consumer in consumers for value in (consumer, seq)),
    )


def _change(row) -> Change:  # noqa: ANN001 - a SQLAlchemy row of `changes`
    return Change(
        kind=row.kind,
        subject=row.subject,
        data=msgspec.json.decode(row.data),
        actor=row.actor,
        actor_id=row.actor_id,
        origin=row.origin,
        at=row.at,
        seq=row.seq,
    )


class SqlChangeFeed:
    """Implements http.streaming.live.ChangeFeed and kernel.change.ChangeLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *changes: Change) -> None:
        await self._database.write(lambda c: append(c, *changes))

    async def last_seq(self) -> int:
        return await self._database.read(last_seq)

    async def read_after(
        self, seq: int, limit: int, kinds: frozenset[str] | None
    ) -> tuple[list[Change], int]:
        return await self._database.read(lambda c: _read_some(c, seq, limit, kinds))


def _read_some(
    connection: Connection, seq: int, limit: int, kinds: frozenset[str] | None
) -> tuple[list[Change], int]:
    if kinds is None:
        read = read_after(connection, seq, limit)
        return read, (read[-1].seq if read else seq)
    newest = last_seq(connection)
    query = select(changes).where(
        changes.c.seq > seq, changes.c.seq <= newest, changes.c.kind.in_(sorted(kinds))
    )
    rows = connection.execute(query.order_by(changes.c.seq)).all()
    return [_change(row) for row in rows], max(seq, newest)
