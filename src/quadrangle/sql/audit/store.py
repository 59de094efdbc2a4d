"""Reading the audit on SQL, and checking it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from quadrangle.audit.checking import along_changes, along_records
from quadrangle.audit.ports import AuditQuery
from quadrangle.audit.rules import BROKEN_OFF, AuditRecord, Recording, Walk
from quadrangle.kernel.change import Change
from quadrangle.kernel.page import CursorNumber, Page, decode_cursor, encode_cursor
from quadrangle.sql.audit.projection import CONSUMER
from quadrangle.sql.audit.tables import audit
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.tables import changes

_COLUMNS = [audit.c[name] for name in AuditRecord.__struct_fields__]
_AT_ONCE = 500


class SqlAudit:
    """Implements accounts.audit.AuditStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, query: AuditQuery, limit: int, cursor: str | None) -> Page[AuditRecord]:
        statement = _wanted(query).order_by(audit.c.seq.desc()).limit(limit + 1)
        if cursor is not None:
            statement = statement.where(audit.c.seq < decode_cursor(cursor, CursorNumber))
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


async def check_audit(database: Database, key: bytes, recording: Recording) -> list[str]:
    """Return a sentence for each record that was changed, removed or made up.

    Changes count up to where the projection has come.
    """

    def check(connection: Connection) -> list[str]:
        view = _View(connection)
        lost = view.loss()
        since = 0 if lost is None else lost.seq - 1
        return [
            *along_records(view.records(), view.told_of, Walk(key), recording),
            *along_changes(view.changes(since), view.recorded, recording),
        ]

    return await database.read(check)


_BROKEN_OFF = (
    "The audit was broken off before {at}: the file with its records was lost, and it goes on "
    "without them."
)


async def told_loss(database: Database) -> str | None:
    """Return a sentence where records were lost with their file. Raises Unavailable."""
    lost = await database.read(lambda c: _View(c).loss())
    return None if lost is None else _BROKEN_OFF.format(at=lost.at)


class _View:
    """Records and changes in the batches that the check takes them in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def records(self) -> Iterator[list[AuditRecord]]:
        statement = select(*_COLUMNS).order_by(audit.c.seq)
        after: int | None = None
        while True:
            narrowed = statement if after is None else statement.where(audit.c.seq > after)
            rows = self._connection.execute(narrowed.limit(_AT_ONCE))
            records = [AuditRecord(*row) for row in rows]
            if not records:
                return
            yield records
            after = records[-1].seq

    def loss(self) -> Change | None:
        """Return the change that tells of records lost with their file, if that is what the audit
        begins with, or will once the worker has come to it."""
        query = select(audit.c.change_seq).order_by(audit.c.seq).limit(1)
        first = self._connection.execute(query).scalar()
        if first is None:
            told = select(changes.c.seq).where(changes.c.kind == BROKEN_OFF)
            first = self._connection.execute(told.order_by(changes.c.seq.desc()).limit(1)).scalar()
        found = [] if first is None else feed.at(self._connection, [first])
        return found[0] if found and found[0].kind == BROKEN_OFF else None

    def told_of(self, records: Sequence[AuditRecord]) -> list[Change | None]:
        places = [record.change_seq for record in records]
        changes = {change.seq: change for change in feed.at(self._connection, places)}
        return [changes.get(place) for place in places]

    def changes(self, position: int) -> Iterator[list[Change]]:
        end = feed.cursor_of(self._connection, CONSUMER)
        while True:
            batch = feed.read_after(self._connection, position, _AT_ONCE)
            yield [change for change in batch if change.seq <= end]
            if not batch or batch[-1].seq >= end:
                return
            position = batch[-1].seq

    def recorded(self, changes: Sequence[Change]) -> list[bool]:
        places = [change.seq for change in changes]
        query = select(audit.c.change_seq).where(audit.c.change_seq.in_(places))
        found = set(self._connection.execute(query).scalars())
        return [place in found for place in places]
