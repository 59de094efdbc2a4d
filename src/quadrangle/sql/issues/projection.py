"""Keeps the search index and the counts of issues up with their changes.

Works on the present rows of the issues that changed, against what it last counted of them
(issue_facets): applying a change twice, late or out of order gives the same result.
"""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, text

from quadrangle.issues.overview.figures import COUNTED_KINDS, Facets, amounts
from quadrangle.issues.overview.search_text import words_of
from quadrangle.kernel.change import Change
from quadrangle.sql.issues import search_words
from quadrangle.sql.issues.tables import issue_days, issue_facets, issue_totals, issues

MAX_AT_ONCE = 500


class IssueProjection:
    """A projection of the change feed (see sql/feed/consumers.py)."""

    name = "issue-read-model"
    kinds = COUNTED_KINDS

    def __init__(self, zone: tzinfo = UTC) -> None:
        """Days are those of `zone`."""
        self._zone = zone

    def look(self, connection: Connection, changes: Sequence[Change]) -> "list[_Seen]":
        """Read the issues that changed, and what is counted and found of them."""
        ids = list({change.subject for change in changes})
        starts = range(0, len(ids), MAX_AT_ONCE)
        pages = (_seen(connection, ids[at : at + MAX_AT_ONCE], self._zone) for at in starts)
        return [each for page in pages for each in page]

    def apply(
        self, connection: Connection, changes: Sequence[Change], looked: "list[_Seen]"
    ) -> None:
        """Bring search and counts up to date for what changed, in the caller's transaction."""
        for start in range(0, len(looked), MAX_AT_ONCE):
            _project(connection, looked[start : start + MAX_AT_ONCE])


class _Seen(msgspec.Struct, frozen=True):
    """What is kept of an issue, and found it by: `facet_words` on SQLite alone."""

    seq: int
    facets: Facets
    words: str
    facet_words: str


def rebuild(connection: Connection, zone: tzinfo = UTC) -> int:
    """Count and index every issue anew; returns how many. Holds the write lock all the while."""
    tables = ["issue_facets", "issue_totals", "issue_days", "issue_search"]
    if connection.dialect.name == "sqlite":
        tables.append("issue_words")
    for table in tables:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    done, last = 0, 0
    while True:
        page = select(issues.c.seq, issues.c.issue_id).where(issues.c.seq > last)
        rows = connection.execute(page.order_by(issues.c.seq).limit(MAX_AT_ONCE)).all()
        if not rows:
            return done
        _project(connection, _seen(connection, [row.issue_id for row in rows], zone))
        done, last = done + len(rows), rows[-1].seq


def _seen(connection: Connection, issue_ids: list[str], zone: tzinfo) -> list[_Seen]:
    rows = connection.execute(select(issues).where(issues.c.issue_id.in_(issue_ids))).all()
    # a row has the fields of an issue
    return [
        _Seen(row.seq, Facets.of(row, zone), " ".join(words_of(row)), _facet_words(row))  # type: ignore[arg-type]
        for row in rows
    ]


def _project(connection: Connection, seen: list[_Seen]) -> None:
    facets = {each.seq: each.facets for each in seen}
    known = select(issue_facets).where(issue_facets.c.seq.in_(list(facets)))
    before = {row.seq: Facets(*row[1:]) for row in connection.execute(known)}
    moved = [seq for seq, now in facets.items() if before.get(seq) != now]
    _count(connection, [before[s] for s in moved if s in before], [facets[s] for s in moved])
    _save_facets(connection, {seq: facets[seq] for seq in moved})
    _index(connection, seen, replace=list(before))


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


def _index(connection: Connection, seen: list[_Seen], replace: list[int]) -> None:
    if not seen:
        return
    if connection.dialect.name == "sqlite":
        _index_fts5(connection, seen, replace)
        return
    connection.execute(
        text(
            "INSERT INTO issue_search (seq, words) VALUES (:seq, to_tsvector('simple', :words))"
            " ON CONFLICT (seq) DO UPDATE SET words = excluded.words"
        ),
        [{"seq": each.seq, "words": each.words} for each in seen],
    )


def _index_fts5(connection: Connection, seen: list[_Seen], replace: list[int]) -> None:
    if replace:
        connection.exec_driver_sql(
            "DELETE FROM issue_search WHERE rowid IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(replace).decode(),),
        )
    indexed = [(each.seq, each.words, each.facet_words) for each in seen]
    connection.exec_driver_sql(
        "INSERT INTO issue_search (rowid, words, facets) VALUES (?, ?, ?)", indexed
    )
    known = {word for each in seen for word in each.words.split()}
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO issue_words (word) SELECT value FROM json_each(?)",
        (msgspec.json.encode(sorted(known)).decode(),),
    )


def _facet_words(row: Any) -> str:
    fields = (("s", row.status), ("t", row.issue_type), ("l", row.location))
    return " ".join(search_words.facet(field, value) for field, value in fields)
