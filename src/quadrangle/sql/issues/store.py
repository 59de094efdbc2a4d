"""The issue store on SQL. Reporting and looking up an issue are the hot paths: decision 0002."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any

import msgspec
from sqlalchemy import Column, Connection, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from quadrangle.issues.model import Comment, Issue, Photo
from quadrangle.issues.overview.stretches import Position, Walked, sorted_page
from quadrangle.issues.ports import Counts, IssueQuery, Sort, StatisticsData
from quadrangle.issues.retry_rules import all_of, has_ended, require_same
from quadrangle.issues.rules import taken_as_original
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Outrun
from quadrangle.kernel.page import Page, all_items, decode_cursor, encode_cursor
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.groups import BulkInsert
from quadrangle.sql.base.lookups import Lookups
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.tables import changes
from quadrangle.sql.issues import counts as issue_counts
from quadrangle.sql.issues import lists as issue_lists
from quadrangle.sql.issues import statistics as issue_statistics
from quadrangle.sql.issues.tables import comments, issues, photos

STREAM_PAGE = 500
# The cursor of a page: the number of the last issue shown.
_Position = tuple[Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]]

# The columns of an Issue, in the order of its fields.
_FIELDS = Issue.__struct_fields__
ISSUE_COLUMNS = [issues.c[name] for name in _FIELDS]


class SqlIssueStore:
    """Implements issues.ports.IssueStore."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bulk = report_bulk(database.dialect)
        self._lookups = Lookups(database, "issues", "issue_id", _FIELDS, issue_of)

    async def add(self, issue: Issue, changes: Sequence[Change]) -> Issue:
        if issue.idempotency_key is not None:
            return await self._database.write(lambda c: _add_once(c, issue, changes))
        (change,) = changes
        await self._database.insert(self._bulk, report_row(issue, change))
        return issue

    async def get(self, issue_id: str) -> Issue | None:
        return await self._lookups.get(issue_id)

    async def save(
        self,
        issue: Issue,
        changes: Sequence[Change],
        *,
        comment: Comment | None = None,
        add_photo: Photo | None = None,
        remove_photo: str | None = None,
        original: Issue | None = None,
        released_from: str | None = None,
    ) -> None:
        written = [issue] if original is None else [issue, taken_as_original(original)]

        def work(connection: Connection) -> None:
            # in one order, so that no two wait for each other
            for each in sorted(written, key=lambda each: each.issue_id):
                _update(connection, each)
            if comment is not None:
                connection.execute(insert(comments), msgspec.structs.asdict(comment))
            if add_photo is not None:
                connection.execute(insert(photos), msgspec.structs.asdict(add_photo))
            if remove_photo is not None:
                connection.execute(delete(photos).where(photos.c.photo_id == remove_photo))
            feed.append(connection, *changes)

        await self._database.write(work)

    async def page(self, query: IssueQuery, limit: int, cursor: str | None) -> Page[Issue]:
        if query.sort is not Sort.NEWEST:
            return await self._sorted_page(query, limit, cursor)
        before = None if cursor is None else decode_cursor(cursor, _Position)[0]
        rows = await self._database.read(
            lambda c: issue_lists.page(c, query, before, limit + 1, ISSUE_COLUMNS)
        )
        return _page(rows, limit)

    async def page_of_reporter(
        self, account_id: str, limit: int, cursor: str | None
    ) -> Page[Issue]:
        before = None if cursor is None else decode_cursor(cursor, _Position)[0]
        rows = await self._database.read(
            lambda c: issue_lists.page_of_reporter(c, account_id, before, limit + 1, ISSUE_COLUMNS)
        )
        return _page(rows, limit)

    async def _sorted_page(self, query: IssueQuery, limit: int, cursor: str | None) -> Page[Issue]:
        def work(connection: Connection) -> Page[Any]:
            def walk(stretch: IssueQuery, behind: Position | None, most: int) -> Walked[Any]:
                return issue_lists.stretch(connection, stretch, behind, most, ISSUE_COLUMNS)

            return sorted_page(query, limit, cursor, walk)

        page = await self._database.read(work)
        return Page([issue_of(row) for row in page.items], page.next_cursor)

    def stream(self, query: IssueQuery) -> AsyncIterator[Issue]:
        return all_items(lambda cursor: self.page(query, STREAM_PAGE, cursor))

    async def counts(
        self,
        issue_type: str | None,
        location: str | None,
        now: datetime,
        mine: str | None = None,
    ) -> Counts:
        return await self._database.read(
            lambda c: issue_counts.counts(c, issue_type, location, now, mine)
        )

    async def statistics(
        self, first_day: str, last_day: str, known_types: Sequence[str], zone: tzinfo = UTC
    ) -> StatisticsData:
        return await self._database.read(
            lambda c: issue_statistics.statistics(c, first_day, last_day, known_types, zone)
        )

    async def conversation(self, issue_id: str) -> list[Comment]:
        columns = [comments.c[name] for name in Comment.__struct_fields__]
        query = select(*columns).where(comments.c.issue_id == issue_id).order_by(comments.c.seq)
        rows = await self._rows(query)
        return [Comment(*row) for row in rows]

    async def photos(self, issue_id: str) -> list[Photo]:
        rows = await self._rows(_photos().where(photos.c.issue_id == issue_id))
        return [Photo(*row) for row in rows]

    async def photo(self, issue_id: str, photo_id: str) -> Photo | None:
        rows = await self._rows(
            _photos().where(photos.c.issue_id == issue_id, photos.c.photo_id == photo_id)
        )
        return Photo(*rows[0]) if rows else None

    async def duplicates(self, issue_id: str) -> list[Issue]:
        rows = await self._rows(
            select(*ISSUE_COLUMNS).where(issues.c.duplicate_of == issue_id).order_by(issues.c.seq)
        )
        return [issue_of(row) for row in rows]

    async def has_duplicates(self, issue_id: str) -> bool:
        found = select(issues.c.seq).where(issues.c.duplicate_of == issue_id).limit(1)
        return bool(await self._rows(found))

    async def history(self, issue_id: str) -> list[Change]:
        return await self._database.read(lambda c: feed.of_subject(c, issue_id))

    async def rename_author(self, account_id: str, name: str, behind: str | None = None) -> None:
        wrote = update(comments).where(comments.c.author_id == account_id)
        did = update(changes).where(changes.c.actor_id == account_id)

        def work(connection: Connection) -> None:
            connection.execute(wrote.values(author_name=name))
            connection.execute(did.values(actor=name))

        await self._database.write(work)

    async def rename_reporter(self, issue_id: str, old: str, new: str) -> None:
        wrote = update(comments).where(
            comments.c.issue_id == issue_id,
            comments.c.author_id.is_(None),
            comments.c.author_role == "reporter",
            comments.c.author_name == old,
        )
        did = update(changes).where(
            changes.c.subject == issue_id, changes.c.actor_id.is_(None), changes.c.actor == old
        )

        def work(connection: Connection) -> None:
            connection.execute(wrote.values(author_name=new))
            connection.execute(did.values(actor=new))

        await self._database.write(work)

    async def _rows(self, query: Select[Any]) -> Sequence[Any]:
        return await self._database.read(lambda c: c.execute(query).all())


def _photos() -> Select[Any]:
    return select(*(photos.c[name] for name in Photo.__struct_fields__)).order_by(photos.c.seq)


def _page(rows: Sequence[Any], limit: int) -> Page[Issue]:
    """Return a page of rows that begin with `seq`; one more than `limit` says that it goes on."""
    more = len(rows) > limit
    items = [issue_of(row[1:]) for row in rows[:limit]]
    return Page(items, encode_cursor((rows[limit - 1][0],)) if more else None)


def issue_of(row: Sequence[Any]) -> Issue:
    """Return the issue of a row of ISSUE_COLUMNS."""
    # not strict: SQLite gives 0 and 1 for booleans
    return msgspec.convert(dict(zip(_FIELDS, row, strict=True)), Issue, strict=False)


def report_row(issue: Issue, change: Change) -> tuple[Any, ...]:
    """Return one row for `report_bulk`: the issue's fields, then the change's own."""
    data = msgspec.json.encode(change.data).decode()
    told = (change.kind, data, change.actor, change.actor_id, change.origin)
    return (*msgspec.structs.astuple(issue), *told)


def report_bulk(dialect: str) -> BulkInsert:
    """Insert issues and their `issue.reported` changes from one JSON array of rows.

    Row: the fields of Issue in order, then kind, data, actor, actor_id and origin of the change.
    """
    if dialect == "sqlite":
        cell = "json_extract(value, '$[{}]')".format
        source = "json_each(?)"
    else:
        cell = "value ->> {}".format
        source = "jsonb_array_elements(%s::jsonb) AS value"
    cells = [_cast(cell(i), column) for i, column in enumerate(ISSUE_COLUMNS)]
    kind, data, actor, actor_id, origin = (cell(len(_FIELDS) + i) for i in range(5))
    subject, at = cell(_FIELDS.index("issue_id")), cell(_FIELDS.index("created_at"))
    return BulkInsert(
        (
            f"INSERT INTO issues ({', '.join(_FIELDS)}) SELECT {', '.join(cells)} FROM {source}",
            "INSERT INTO changes (kind, subject, data, actor, actor_id, at, origin) "
            f"SELECT {kind}, {subject}, {data}, {actor}, {actor_id}, {at}, {origin} FROM {source}",
        )
    )


def _cast(cell: str, column: Column[Any]) -> str:
    """Return a value of the JSON as its column has it; PostgreSQL takes them all out as texts."""
    kind = str(column.type)
    return cell if kind == "TEXT" else f"CAST({cell} AS {kind})"


def _add_once(connection: Connection, issue: Issue, changes: Sequence[Change]) -> Issue:
    same_key = issues.c.idempotency_key.between(*all_of(issue.idempotency_key or ""))
    row = connection.execute(select(*ISSUE_COLUMNS).where(same_key)).first()
    if row is not None:
        before = issue_of(row)
        if not has_ended(before, issue):
            require_same(before, issue)
            return before
        connection.execute(update(issues).where(same_key).values(idempotency_key=None))
    connection.execute(insert(issues), msgspec.structs.asdict(issue))
    feed.append(connection, *changes)
    return issue


def _update(connection: Connection, issue: Issue) -> None:
    values = msgspec.structs.asdict(issue)
    del values["issue_id"]
    statement = (
        update(issues)
        .where(issues.c.issue_id == issue.issue_id, issues.c.version == issue.version - 1)
        .values(values)
    )
    try:
        result = connection.execute(statement)
    except IntegrityError as error:
        raise Outrun() from error
    if result.rowcount != 1:
        raise Outrun()
