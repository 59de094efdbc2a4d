"""Lists of issues in their orders, at a cost that does not grow with the number of issues.

Without a search text every filter has an index that ends in `seq`, so a page is read off it in
order. With a text, SQLite's index of words yields hits in order too; status, type and location are
words in it (see search_words.facet), so that a rare one does not make it read every hit.

Other orders than newest first are walked in stretches (overview/stretches.py). What is due is read
off an index of what is unresolved, so it costs what there is to do and not what was ever reported.
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
from quadrangle.issues.numbers import number_in
from quadrangle.issues.overview.search_text import id_beginning
from quadrangle.issues.overview.stretches import Position, Walked
from quadrangle.issues.ports import NOBODY, IssueQuery, Sort
from quadrangle.kernel.errors import InvalidInput
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
    statement, order = _narrowed(connection, query, columns)
    if before is not None:
        statement = statement.where(order < before)
    return connection.execute(statement.order_by(order.desc()).limit(limit)).all()


def stretch(
    connection: Connection,
    query: IssueQuery,
    behind: Position | None,
    limit: int,
    columns: Sequence[Column[Any]],
) -> Walked[Any]:
    """Return rows of `columns`, as one stretch of a sorted list has them: see `sorted_page`."""
    number = None if behind is None else _number(behind[1])
    if query.sort is Sort.DUE:
        rows = _soonest_due(connection, query, behind and behind[0], number, limit + 1, columns)
    else:
        rows = page(connection, query, number, limit + 1, [*columns, issues.c.due_at])
    shown = rows[:limit]
    more = len(rows) > limit
    # behind the columns comes what the stretch may be sorted by
    last = (shown[-1][-1] or "", str(shown[-1][0])) if more else None
    return Walked([row[1:-1] for row in shown], last)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**63):
        raise InvalidInput.at("cursor", "This cursor is not one we gave out.")
    return int(text)


def _soonest_due(
    connection: Connection,
    query: IssueQuery,
    due: str | None,
    number: int | None,
    limit: int,
    columns: Sequence[Column[Any]],
) -> Sequence[Any]:
    statement, _ = _narrowed(connection, query, [*columns, issues.c.due_at])
    if query.text is None:
        # SQLite would rather read and sort all that ever was at a place, or somebody's
        statement = statement.with_hint(issues, "INDEXED BY issues_due", "sqlite")
    if due is not None and number is not None:
        # the first condition is what an index is entered by
        behind = (issues.c.due_at > due) | (issues.c.seq > number)
        statement = statement.where(issues.c.due_at >= due, behind)
    in_order = statement.order_by(issues.c.due_at, issues.c.seq)
    return connection.execute(in_order.limit(limit)).all()


def _narrowed(
    connection: Connection, query: IssueQuery, columns: Sequence[Column[Any]]
) -> tuple[Select[Any], ColumnElement[int]]:
    """Return what selects the issues of a query, and what is their number there."""
    statement = select(issues.c.seq, *columns).where(*_conditions(query))
    order: ColumnElement[int] = issues.c.seq
    if query.text is not None:
        by_id = _by_number(connection, query.text)
        if by_id is None:
            by_id = _by_id(connection, query.text)
        if by_id is not None:
            statement = statement.where(by_id)
        elif connection.dialect.name == "sqlite":
            statement, order = _by_words(connection, statement, query)
        else:
            statement = statement.where(_in_tsvector(query.text))
    return statement, order


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
    return issues.c.status != constant(Status.RESOLVED)


def constant(value: str) -> Any:
    """Return a value that stands in the statement itself, as a partial index asks for."""
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
        conditions.append(issues.c.priority == constant(query.priority))
    if query.assignee_id == NOBODY:
        conditions.append(issues.c.assignee_id.is_(None))
    elif query.assignee_id is not None:
        conditions.append(issues.c.assignee_id == query.assignee_id)
    if query.overdue_at is not None:
        conditions += [issues.c.due_at < query.overdue_at, unresolved()]
    if query.has_due is not None:
        due = issues.c.due_at.is_not(None) if query.has_due else issues.c.due_at.is_(None)
        conditions += [due, unresolved()]
    return conditions


def _by_id(connection: Connection, searched: str) -> ColumnElement[bool] | None:
    """Return the condition for issues whose id begins like that; None when there are none."""
    beginning = number_in(searched) or id_beginning(searched)
    if beginning is None:
        return None
    if connection.dialect.name == "sqlite":
        # every digit of an id sorts before g
        found = issues.c.issue_id.between(beginning, beginning + "g")
    else:
        found = issues.c.issue_id.like(beginning + "%")
    return found if _any(connection, found) else None


def _by_number(connection: Connection, searched: str) -> ColumnElement[bool] | None:
    """Return the condition for issues of that number; None when there are none."""
    number = number_in(searched)
    if number is None:
        return None
    word = search_words.number_word(number)
    if connection.dialect.name == "sqlite":
        matching = "SELECT rowid FROM issue_search WHERE issue_search MATCH :number"
    else:
        matching = "SELECT seq FROM issue_search WHERE words @@ CAST(:number AS tsquery)"
    found: Any = text(f"issues.seq IN ({matching})").bindparams(number=word)
    return found if _any(connection, found) else None


def _any(connection: Connection, found: ColumnElement[bool]) -> bool:
    return connection.execute(select(issues.c.seq).where(found).limit(1)).first() is not None


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
