"""Reading the audit on SQL, and checking it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from quadrangle.accounts.audit import AuditQuery
from quadrangle.accounts.audit_rules import AuditRecord, Walk, compared, matters
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.sql import feed
from quadrangle.sql.account_tables import audit
from quadrangle.sql.audit_projection import CONSUMER
from quadrangle.sql.database import Database

_COLUMNS = [audit.c[name] for name in AuditRecord.__struct_fields__]
_AT_ONCE = 500


class SqlAudit:
    """Implements accounts.audit.AuditStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, query: AuditQuery, limit: int, cursor: str | None) -> Page[AuditRecord]:
        statement = _wanted(query).order_by(audit.c.seq.desc()).limit(limit + 1)
        if cursor is not None:
            statement = statement.where(audit.c.seq < decode_cursor(cursor, int))
        rows = await self._database.read(lambda c: c.execute(statement).all())
        found = [AuditRecord(*row) for row in rows[:limit]]
        return Page(found, encode_cursor(found[-1].seq) if len(rows) > limit else None)

    async def stream(self, query: AuditQuery) -> AsyncIterator[AuditRecord]:
        after = 0
        while True:
            statement = _wanted(query).where(audit.c.seq > after).order_by(audit.c.seq)
            rows = await self._rows(statement.limit(_AT_ONCE))
            for row in rows:
                yield AuditRecord(*row)
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].seq

    async def _rows(self, statement: Select[Any]) -> Sequence[Any]:
        return await self._database.read(lambda c: c.execute(statement).all())


def _wanted(query: AuditQuery) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = []
    if query.kind is not None:
        group = query.kind.endswith(".")
        prefix = audit.c.kind.startswith(query.kind, autoescape=True)
        wanted.append(prefix if group else audit.c.kind == query.kind)
    if query.actor_id is not None:
        wanted.append(audit.c.actor_id == query.actor_id)
    if query.subject is not None:
        wanted.append(audit.c.subject == query.subject)
    if query.first_at is not None:
        wanted.append(audit.c.at >= query.first_at)
    if query.last_at is not None:
        wanted.append(audit.c.at <= query.last_at)
    return select(*_COLUMNS).where(*wanted)


async def count_records(database: Database) -> int:
    """Return how many records there are. Raises Unavailable."""
    return await database.read(lambda c: c.execute(select(func.count(audit.c.seq))).scalar_one())


async def check_audit(database: Database, key: bytes) -> list[str]:
    """Return a sentence for each record that was changed, removed or made up.

    The chain tells of what happened to the records; the change feed, up to where the projection has
    come, tells which there must be, also at the end, where no later record misses them.
    """
    return await database.read(lambda c: [*_along_records(c, key), *_along_feed(c)])


def _along_records(connection: Connection, key: bytes) -> Iterator[str]:
    walk = Walk(key)
    for records in _batches(connection):
        places = [record.change_seq for record in records]
        changes = {change.seq: change for change in feed.at(connection, places)}
        for record in records:
            yield from walk.step(record)
            yield from compared(record, changes.get(record.change_seq))


def _batches(connection: Connection) -> Iterator[list[AuditRecord]]:
    statement = select(*_COLUMNS).order_by(audit.c.seq)
    after: int | None = None
    while True:
        narrowed = statement if after is None else statement.where(audit.c.seq > after)
        records = [AuditRecord(*row) for row in connection.execute(narrowed.limit(_AT_ONCE))]
        if not records:
            return
        yield records
        after = records[-1].seq


def _along_feed(connection: Connection) -> Iterator[str]:
    position, end = 0, feed.cursor_of(connection, CONSUMER)
    while True:
        batch = feed.read_after(connection, position, _AT_ONCE)
        wanted = [change for change in batch if change.seq <= end and matters(change)]
        query = select(audit.c.change_seq).where(
            audit.c.change_seq.in_([change.seq for change in wanted])
        )
        recorded = set(connection.execute(query).scalars())
        for change in wanted:
            if change.seq not in recorded:
                yield f"Change {change.seq} ({change.kind}) has lost its audit record."
        if not batch or batch[-1].seq >= end:
            return
        position = batch[-1].seq
