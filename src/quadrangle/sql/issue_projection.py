"""Keeps the search index and the counts of issues up with their changes.

Works on the present rows of the issues that changed, against what it last counted of them
(issue_facets): applying a change twice, late or out of order gives the same result.
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, text

from quadrangle.kernel.change import Change
from quadrangle.sql import search_words
from quadrangle.sql.tables import issue_days, issue_facets, issue_totals, issues

MAX_AT_ONCE = 500


class IssueProjection:
    """A projection of the change feed (see sql/dispatch.py)."""

    name = "issue-read-model"
    kinds = frozenset(
        {
            "issue.reported",
            "issue.status-changed",
            "issue.edited",
            "issue.assigned",
        }
    )

    def apply(self, connection: Connection, changes: list[Change]) -> None:
        """Bring search and counts up to date for what changed, in the caller's transaction."""
        ids = list({change.subject for change in changes})
        for start in range(0, len(ids), MAX_AT_ONCE):
            _project(connection, ids[start : start + MAX_AT_ONCE])


def rebuild(connection: Connection) -> int:
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
        _project(connection, [row.issue_id for row in rows])
        done, last = done + len(rows), rows[-1].seq


def _project(connection: Connection, issue_ids: list[str]) -> None:
    rows = connection.execute(select(issues).where(issues.c.issue_id.in_(issue_ids))).all()
    facets = {row.seq: _facets(row) for row in rows}
    known = select(issue_facets).where(issue_facets.c.seq.in_(list(facets)))
    before = {row.seq: tuple(row[1:]) for row in connection.execute(known)}
    moved = [seq for seq, now in facets.items() if before.get(seq) != now]
    _count(connection, [before[s] for s in moved if s in before], [facets[s] for s in moved])
    _save_facets(connection, {seq: facets[seq] for seq in moved})
    _index(connection, rows, replace=list(before))


Facets = tuple[str, str, str, int, str, str | None]


def _facets(row: Any) -> Facets:
    """Return type, location, status, assigned, day reported and day resolved."""
    resolved_day = row.resolved_at[:10] if row.resolved_at else None
    assigned = int(row.assignee_id is not None)
    return (row.issue_type, row.location, row.status, assigned, row.created_at[:10], resolved_day)


def _count(connection: Connection, old: list[Facets], new: list[Facets]) -> None:
    totals: dict[tuple[str, str, str, int], int] = {}
    days: dict[tuple[str, str, str], list[int]] = {}
    for sign, group in ((-1, old), (1, new)):
        for kind, place, status, assigned, created, resolved in group:
            key = (kind, place, status, assigned)
            totals[key] = totals.get(key, 0) + sign
            days.setdefault((created, kind, place), [0, 0])[0] += sign
            if resolved is not None:
                days.setdefault((resolved, kind, place), [0, 0])[1] += sign
    _add(connection, issue_totals.name, 4, ["n"], [[*k, n] for k, n in totals.items() if n])
    _add(
        connection,
        issue_days.name,
        3,
        ["reported", "resolved"],
        [[*k, *n] for k, n in days.items() if any(n)],
    )


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
    names = [c.name for c in issue_facets.c]
    connection.execute(
        insert(issue_facets),
        [dict(zip(names, (seq, *values), strict=True)) for seq, values in facets.items()],
    )


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
        [{"seq": row.seq, "words": _words(row)} for row in rows],
    )


def _index_fts5(connection: Connection, rows: Any, replace: list[int]) -> None:
    if replace:
        connection.exec_driver_sql(
            "DELETE FROM issue_search WHERE rowid IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(replace).decode(),),
        )
    indexed = [(row.seq, _words(row), _facet_words(row)) for row in rows]
    connection.exec_driver_sql(
        "INSERT INTO issue_search (rowid, words, facets) VALUES (?, ?, ?)", indexed
    )
    known = {word for _, text_, _ in indexed for word in text_.split()}
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO issue_words (word) SELECT value FROM json_each(?)",
        (msgspec.json.encode(sorted(known)).decode(),),
    )


def _words(row: Any) -> str:
    """What staff may search for: the texts and who reported it. Ids have an index of their own."""
    parts = (
        row.description,
        row.issue_type,
        row.location,
        row.reporter_name or "",
        row.reporter_email or "",
    )
    return " ".join(word for part in parts for word in search_words.words(part))


def _facet_words(row: Any) -> str:
    fields = (("s", row.status), ("t", row.issue_type), ("l", row.location))
    return " ".join(search_words.facet(field, value) for field, value in fields)
