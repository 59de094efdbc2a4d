"""Lists of issues, newest first, at a cost that does not grow with the number of issues.

Without a search text every filter has an index that ends in `seq`, so a page is read off it in
order. With a text, SQLite's index of words yields hits in order too; status, type and location are
words in it (see search_words.facet), so that a rare one does not make it read every hit.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    false,
    literal_column,
    select,
    table,
    text,
)

from quadrangle.issues.model import Status
from quadrangle.issues.overview.search_text import id_beginning
from quadrangle.issues.ports import NOBODY, IssueQuery
from quadrangle.sql.issues import search_words
from quadrangle.sql.issues.tables import issues

_SEARCH = table("issue_search")
# The plus keeps SQLite from walking the issues and asking the word index about each: the words
# drive, and their row order is the order of the list.
_DRIVEN_BY_WORDS = issues.c.seq == literal_column("+issue_search.rowid")


def page(
    connection: Connection,
    query: IssueQuery,
    before: int | None,
    limit: int,
    columns: Sequence[Column[Any]],
) -> Sequence[Any]:
    """Return `seq` and `columns` of at most `limit` issues older than number `before`."""
    statement = select(issues.c.seq, *columns).where(*_conditions(query)).limit(limit)
    order: ColumnElement[int] = issues.c.seq
    if query.text is not None:
        by_id = _by_id(connection, query.text)
        if by_id is not None:
            statement = statement.where(by_id)
        elif connection.dialect.name == "sqlite":
            statement, order = _by_words(connection, statement, query)
        else:
            statement = statement.where(_in_tsvector(query.text))
    if before is not None:
        statement = statement.where(order < before)
    return connection.execute(statement.order_by(order.desc())).all()


def page_of_reporter(
    connection: Connection,
    account_id: str,
    before: int | None,
    limit: int,
    columns: Sequence[Column[Any]],
) -> Sequence[Any]:
    """Return the like of the issues that belong to an account."""
    statement = select(issues.c.seq, *columns).where(issues.c.reporter_id == account_id)
    if before is not None:
        statement = statement.where(issues.c.seq < before)
    return connection.execute(statement.order_by(issues.c.seq.desc()).limit(limit)).all()


def unresolved() -> ColumnElement[bool]:
    """Return the condition as the partial indexes have it: they are not used for a parameter."""
    return issues.c.status != _constant(Status.RESOLVED)


def _constant(value: str) -> Any:
    return bindparam(None, value, literal_execute=True)


def _conditions(query: IssueQuery) -> list[ColumnElement[bool]]:
    conditions = [
        column == value
        for column, value in (
            (issues.c.status, query.status),
            (issues.c.issue_type, query.issue_type),
            (issues.c.location, query.location),
        )
        if value is not None
    ]
    if query.priority is not None:
        conditions.append(issues.c.priority == _constant(query.priority))
    if query.assignee_id == NOBODY:
        conditions.append(issues.c.assignee_id.is_(None))
    elif query.assignee_id is not None:
        conditions.append(issues.c.assignee_id == query.assignee_id)
    if query.overdue_at is not None:
        conditions += [issues.c.due_at < query.overdue_at, unresolved()]
    return conditions


def _by_id(connection: Connection, searched: str) -> ColumnElement[bool] | None:
    """Return the condition for issues whose id begins like that; None when there are none."""
    beginning = id_beginning(searched)
    if beginning is None:
        return None
    if connection.dialect.name == "sqlite":
        # every digit of an id sorts before g
        found = issues.c.issue_id.between(beginning, beginning + "g")
    else:
        found = issues.c.issue_id.like(beginning + "%")
    any_found = connection.execute(select(issues.c.seq).where(found).limit(1)).first()
    return None if any_found is None else found


def _by_words(
    connection: Connection, statement: Select[Any], query: IssueQuery
) -> tuple[Select[Any], ColumnElement[int]]:
    def complete(beginning: str, most: int) -> Sequence[str]:
        known = text(
            "SELECT word FROM issue_words WHERE word >= :first AND word < :last LIMIT :most"
        )
        values = {"first": beginning, "last": beginning + chr(0x10FFFF), "most": most}
        return connection.execute(known, values).scalars().all()

    found = search_words.fts5_query(query.text or "", _facets(query), complete)
    order: ColumnElement[int] = literal_column("issue_search.rowid")
    if found is None:
        return statement.where(false()), issues.c.seq
    statement = statement.select_from(_SEARCH.join(issues, _DRIVEN_BY_WORDS))
    return statement.where(text("issue_search MATCH :words").bindparams(words=found)), order


def _in_tsvector(searched: str) -> ColumnElement[bool]:
    found = search_words.tsquery(searched)
    if found is None:
        return false()
    return text(
        "issues.seq IN (SELECT s.seq FROM issue_search s WHERE s.words @@ CAST(:words AS tsquery))"
    ).bindparams(words=found)  # type: ignore[return-value] - a text stands for the condition


def _facets(query: IssueQuery) -> list[str]:
    wanted = (("s", query.status), ("t", query.issue_type), ("l", query.location))
    return [search_words.facet(field, value) for field, value in wanted if value is not None]
