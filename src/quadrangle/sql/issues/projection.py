"""Keeps the search index and the counts of issues up with their changes.

Works on the present rows of the issues that changed, against what it last counted of them
(issue_facets): applying a change twice, late or out of order gives the same result.
"""

from datetime import UTC, tzinfo
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, text

from quadrangle.issues.numbers import is_ordered, number_of
from quadrangle.issues.overview.figures import COUNTED_KINDS, Facets, amounts
from quadrangle.issues.overview.search_text import words_of
from quadrangle.kernel.change import Change
from quadrangle.sql.issues import search_words
from quadrangle.sql.issues.tables import issue_days, issue_facets, issue_totals, issues

MAX_AT_ONCE = 500


class IssueProjection:
    """A projection of the change feed (see sql/feed/dispatch.py)."""

    name = "issue-read-model"
    kinds = COUNTED_KINDS
    replays = True

    def __init__(self, zone: tzinfo = UTC) -> None:
        """Days are those of `zone`."""
        self._zone = zone

    def apply(self, connection: Connection, changes: list[Change]) -> None:
        """Bring search and counts up to date for what changed, in the caller's transaction."""
        ids = list({change.subject for change in changes})
        for start in range(0, len(ids), MAX_AT_ONCE):
            _project(connection, ids[start : start + MAX_AT_ONCE], self._zone)

    def clear(self, connection: Connection) -> None:
        _clear(connection)


def rebuild(connection: Connection, zone: tzinfo = UTC) -> int:
    """Count and index every issue anew; returns how many. Holds the write lock all the while."""
    _clear(connection)
    done, last = 0, 0
    while True:
        page = select(issues.c.seq, issues.c.issue_id).where(issues.c.seq > last)
        rows = connection.execute(page.order_by(issues.c.seq).limit(MAX_AT_ONCE)).all()
        if not rows:
            return done
        _project(connection, [row.issue_id for row in rows], zone)
        done, last = done + len(rows), rows[-1].seq


def _clear(connection: Connection) -> None:
    tables = ["issue_facets", "issue_totals", "issue_days", "issue_search"]
    if connection.dialect.name == "sqlite":
        tables.append("issue_words")
    for table in tables:
        connection.exec_driver_sql(f"DELETE FROM {table}")


def _project(connection: Connection, issue_ids: list[str], zone: tzinfo) -> None:
    rows = connection.execute(select(issues).where(issues.c.issue_id.in_(issue_ids))).all()
    # a row has the fields of an issue
    facets = {row.seq: Facets.of(row, zone) for row in rows}  # type: ignore[arg-type]
    known = select(issue_facets).where(issue_facets.c.seq.in_(list(facets)))
    before = {row.seq: Facets(*row[1:]) for row in connection.execute(known)}
    moved = [seq for seq, now in facets.items() if before.get(seq) != now]
    _count(connection, [before[s] for s in moved if s in before], [facets[s] for s in moved])
    _save_facets(connection, {seq: facets[seq] for seq in moved})
    _index(connection, rows, replace=list(before))


def _count(connection: Connection, old: list[Facets], new: list[Facets]) -> None:
    sums = amounts(old, new)
    totals = [[a, b, status, int(c), n] for (a, b, status, c), n in sums.totals.items()]
    _add(connection, issue_totals.name, 4, ["n"], totals)
    days = [[*key, *n] for key, n in sums.days.items()]
    _add(connection, issue_days.name, 3, ["reported", "resolved"], days)


def _add(
    connection: Connection, table: str, keys: int, sums: list[str], rows: list[list[Any]]
) -> None:
    """Add to counters, making those that are missing."""
    if not rows:
        return
    columns = [c.name for c in (issue_totals if table == issue_totals.name else issue_days).c]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(columns[:keys])}) DO UPDATE SET {added}",
        [tuple(row) for row in rows],
    )


def _save_facets(connection: Connection, facets: dict[int, Facets]) -> None:
    if not facets:
        return
    connection.execute(delete(issue_facets).where(issue_facets.c.seq.in_(list(facets))))
    rows = [
        {**msgspec.structs.asdict(each), "seq": seq, "assigned": int(each.assigned)}
        for seq, each in facets.items()
    ]
    connection.execute(insert(issue_facets), rows)


def _index(connection: Connection, rows: Any, replace: list[int]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        _index_fts5(connection, rows, replace)
        return
    connection.execute(
        text(
            "INSERT INTO issue_search (seq, words) VALUES (:seq, to_tsvector('simple', :words))"
            " ON CONFLICT (seq) DO UPDATE SET words = excluded.words"
        ),
        [
            {"seq": row.seq, "words": " ".join([*words_of(row), *_number_words(row)])}
            for row in rows
        ],
    )


def _index_fts5(connection: Connection, rows: Any, replace: list[int]) -> None:
    if replace:
        connection.exec_driver_sql(
            "DELETE FROM issue_search WHERE rowid IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(replace).decode(),),
        )
    indexed = [(row.seq, " ".join(words_of(row)), _facet_words(row)) for row in rows]
    connection.exec_driver_sql(
        "INSERT INTO issue_search (rowid, words, facets) VALUES (?, ?, ?)", indexed
    )
    known = {word for _, text_, _ in indexed for word in text_.split()}
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO issue_words (word) SELECT value FROM json_each(?)",
        (msgspec.json.encode(sorted(known)).decode(),),
    )


def _facet_words(row: Any) -> str:
    fields = (("s", row.status), ("t", row.issue_type), ("l", row.location))
    facets = [search_words.facet(field, value) for field, value in fields]
    return " ".join([*facets, *_number_words(row)])


def _number_words(row: Any) -> list[str]:
    """A random id is found by its beginning, off the index of ids."""
    ordered = is_ordered(row.issue_id)
    return [search_words.number_word(number_of(row.issue_id))] if ordered else []
