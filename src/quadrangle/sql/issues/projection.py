"""Keeps the search index and the counts of issues up with their changes.

Works on the present rows of the issues that changed, against what it last counted of them
(issue_facets): applying a change twice, late or out of order gives the same result.
"""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, text

from quadrangle.issues.model import Issue, Status
from quadrangle.issues.numbers import is_ordered, number_of
from quadrangle.issues.overview.figures import COUNTED_KINDS, Facets, amounts
from quadrangle.issues.overview.search_text import words_of
from quadrangle.issues.overview.unresolved import URGENCY, Sum, Unresolved, sums
from quadrangle.kernel.change import Change
from quadrangle.sql.issues import search_words
from quadrangle.sql.issues.tables import (
    issue_days,
    issue_facets,
    issue_totals,
    issue_unresolved,
    issues,
)

MAX_AT_ONCE = 500


class IssueProjection:
    """A projection of the change feed (see sql/feed/consumers.py)."""

    name = "issue-read-model"
    kinds = COUNTED_KINDS | {URGENCY}
    replays = True

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

    def clear(self, connection: Connection) -> None:
        _clear(connection)


class _Seen(msgspec.Struct, frozen=True):
    """What is kept of an issue, and it is found by: `facet_words` on SQLite alone."""

    seq: int
    counted: "_Counted"
    words: str
    facet_words: str


def rebuild(connection: Connection, zone: tzinfo = UTC) -> int:
    """Count and index every issue anew; returns how many. Holds the write lock all the while."""
    _clear(connection)
    done, last = 0, 0
    while True:
        page = select(issues.c.seq, issues.c.issue_id).where(issues.c.seq > last)
        rows = connection.execute(page.order_by(issues.c.seq).limit(MAX_AT_ONCE)).all()
        if not rows:
            return done
        _project(connection, _seen(connection, [row.issue_id for row in rows], zone))
        done, last = done + len(rows), rows[-1].seq


def _clear(connection: Connection) -> None:
    tables = ["issue_facets", "issue_totals", "issue_days", "issue_unresolved", "issue_search"]
    if connection.dialect.name == "sqlite":
        tables.append("issue_words")
    for table in tables:
        connection.exec_driver_sql(f"DELETE FROM {table}")


def _seen(connection: Connection, issue_ids: list[str], zone: tzinfo) -> list[_Seen]:
    rows = connection.execute(select(issues).where(issues.c.issue_id.in_(issue_ids))).all()
    facets_apart = connection.dialect.name == "sqlite"
    return [_seen_one(row, zone, facets_apart) for row in rows]


def _seen_one(row: Any, zone: tzinfo, facets_apart: bool) -> _Seen:
    words, number = words_of(row), _number_words(row)  # a row has the fields of an issue
    if not facets_apart:
        return _Seen(row.seq, _Counted.of(row, zone), " ".join([*words, *number]), "")
    facets = " ".join([*_facet_words(row), *number])
    return _Seen(row.seq, _Counted.of(row, zone), " ".join(words), facets)


def _project(connection: Connection, seen: list[_Seen]) -> None:
    present = {each.seq: each.counted for each in seen}
    known = select(issue_facets).where(issue_facets.c.seq.in_(list(present)))
    before = {row.seq: _Counted.read(row) for row in connection.execute(known)}
    moved = {seq: now for seq, now in present.items() if before.get(seq) != now}
    _count(connection, [before[seq] for seq in moved if seq in before], list(moved.values()))
    _save(connection, moved)
    _index(connection, seen, replace=list(before))


class _Counted(msgspec.Struct, frozen=True):
    """What an issue was counted by, as issue_facets has it."""

    facets: Facets
    unresolved: Unresolved | None

    @classmethod
    def of(cls, issue: Issue, zone: tzinfo) -> "_Counted":
        return cls(Facets.of(issue, zone), Unresolved.of(issue))

    @classmethod
    def read(cls, row: Any) -> "_Counted":
        _, issue_type, location, status, assigned, created, resolved, urgent, assignee, due = row
        return cls(
            Facets(issue_type, location, status, assigned, created, resolved),
            None
            if status == Status.RESOLVED
            else Unresolved(issue_type, location, bool(urgent), assignee, due),
        )

    def row(self, seq: int) -> dict[str, Any]:
        facets = msgspec.structs.asdict(self.facets)
        each = self.unresolved
        return {
            **facets,
            "seq": seq,
            "assigned": int(self.facets.assigned),
            "urgent": int(each is not None and each.urgent),
            "assignee_id": each and each.assignee_id,
            "due_at": each and each.due_at,
        }


def _count(connection: Connection, old: list[_Counted], new: list[_Counted]) -> None:
    added = amounts((each.facets for each in old), (each.facets for each in new))
    totals = [(a, b, status, int(c), n) for (a, b, status, c), n in added.totals.items()]
    _add(connection, issue_totals, totals)
    _add(connection, issue_days, [(*key, *n) for key, n in added.days.items()])
    moved = sums((each.unresolved for each in old), (each.unresolved for each in new))
    _add(connection, issue_unresolved, [(*key, n) for key, n in moved.items()])
    _drop_nothings(connection, [key for key, n in moved.items() if n < 0])


def _add(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Add to counters, making those that are missing."""
    if not rows:
        return
    columns = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    added = ", ".join(
        f"{name} = {table.name}.{name} + excluded.{name}" for name in columns if name not in keys
    )
    marks = ", ".join([_mark(connection)] * len(columns))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
        rows,
    )


def _drop_nothings(connection: Connection, keys: list[Sum]) -> None:
    """Remove sums that came to nothing: days go by, and each has hours, types and places."""
    if not keys:
        return
    named = " AND ".join(
        f"{column.name} = {_mark(connection)}" for column in issue_unresolved.primary_key
    )
    connection.exec_driver_sql(f"DELETE FROM issue_unresolved WHERE n = 0 AND {named}", keys)


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _save(connection: Connection, counted: dict[int, _Counted]) -> None:
    if not counted:
        return
    connection.execute(delete(issue_facets).where(issue_facets.c.seq.in_(list(counted))))
    connection.execute(insert(issue_facets), [each.row(seq) for seq, each in counted.items()])


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


def _facet_words(row: Any) -> list[str]:
    fields = (("s", row.status), ("t", row.issue_type), ("l", row.location))
    return [search_words.facet(field, value) for field, value in fields]


def _number_words(row: Any) -> list[str]:
    """A random id is found by its beginning, off the index of ids."""
    ordered = is_ordered(row.issue_id)
    return [search_words.number_word(number_of(row.issue_id))] if ordered else []
