"""Lists of issues, newest first, at a cost that does not grow with the number of issues.

Without a search text every filter has an index that ends in `seq`, so a page is read off it in
order. With a text, SQLite's index of words yields hits in order too; status, type and location are
words in it (see search_words.facet), so that a rare one does not make it read every hit.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, false, literal_column, select, table, text

from quadrangle.issues.model import Status
from quadrangle.issues.ports import NOBODY, IssueQuery
from quadrangle.sql import search_words
from quadrangle.sql.tables import issues

_SEARCH = table("issue_search")
# The plus keeps SQLite from walking the issues and asking the word index about each: the words
# drive, and their row order is the order of the list.
_DRIVEN_BY_WORDS = issues.c.seq == literal_column("+issue_search.rowid")


def newest_first(
    dialect: str, query: IssueQuery, before: int | None, limit: int, columns: Sequence[Column[Any]]
) -> Select[Any]:
    """Select `seq` and `columns` of at most `limit` issues older than number `before`."""
    statement = select(issues.c.seq, *columns).where(*_conditions(query)).limit(limit)
    if query.text is not None:
        return _searched(dialect, statement, query, before)
    if before is not None:
        statement = statement.where(issues.c.seq < before)
    return statement.order_by(issues.c.seq.desc())


def _conditions(query: IssueQuery) -> list[ColumnElement[bool]]:
    conditions = [
        column == value
        for column, value in (
            (issues.c.status, query.status),
            (issues.c.issue_type, query.issue_type),
            (issues.c.location, query.location),
            (issues.c.priority, query.priority),
        )
        if value is not None
    ]
    if query.assignee_id == NOBODY:
        conditions.append(issues.c.assignee_id.is_(None))
    elif query.assignee_id is not None:
        conditions.append(issues.c.assignee_id == query.assignee_id)
    if query.overdue_at is not None:
        conditions += [issues.c.due_at < query.overdue_at, issues.c.status != Status.RESOLVED]
    return conditions


def _searched(
    dialect: str, statement: Select[Any], query: IssueQuery, before: int | None
) -> Select[Any]:
    assert query.text is not None
    if dialect == "sqlite":
        found = search_words.fts5_query(query.text, _facets(query))
        if found is None:
            return statement.where(false())
        statement = statement.select_from(_SEARCH.join(issues, _DRIVEN_BY_WORDS)).where(
            text("issue_search MATCH :words").bindparams(words=found)
        )
        order = literal_column("issue_search.rowid")
    else:
        found = search_words.tsquery(query.text)
        if found is None:
            return statement.where(false())
        statement = statement.where(
            text(
                "issues.seq IN (SELECT s.seq FROM issue_search s"
                " WHERE s.words @@ CAST(:words AS tsquery))"
            ).bindparams(words=found)
        )
        order = issues.c.seq
    if before is not None:
        statement = statement.where(order < before)
    return statement.order_by(order.desc())


def _facets(query: IssueQuery) -> list[str]:
    wanted = (("s", query.status), ("t", query.issue_type), ("l", query.location))
    return [search_words.facet(field, value) for field, value in wanted if value is not None]
