"""Keeps counts and the search words of issues up with their changes, on DynamoDB.

Works on the present issue against what was last counted of it: a change that comes twice, late or
out of order gives the same result. Some issues are counted in one transaction, with a single update
of each sum: all reports of a place move the same few, and writes that meet there take turns.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo

import msgspec

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, add, put
from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.search import id_word, listing_of, place_of
from quadrangle.aws.issues.tables import ISSUE_FIGURES, ISSUE_SEARCH, ISSUES
from quadrangle.issues.model import Issue
from quadrangle.issues.overview.figures import COUNTED_KINDS, Facets, Resolution, Total, amounts
from quadrangle.issues.overview.search_text import words_of
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Unavailable

ATTEMPTS = 5
AT_ONCE = 10  # issues of one transaction: each is at most nine of its hundred operations
LONGEST_WORD = 200  # signs: as many as a search has; a key of DynamoDB is bounded
MOST_WORDS = 200  # of one issue that it is found by: each is an item that is paid for


class Counted(msgspec.Struct, frozen=True):
    """What an issue was last counted by and found by; `revision` counts how often."""

    revision: int = 0
    facets: Facets | None = None
    resolution: Resolution | None = None
    words: frozenset[str] = frozenset()


class _Move(msgspec.Struct, frozen=True):
    """An issue that is counted otherwise than it was."""

    issue: Issue
    before: Counted
    now: Counted


class DynamoIssueProjection:
    """The projection of the change feed that lists, counts and statistics are read from."""

    kinds = COUNTED_KINDS

    def __init__(self, dynamo: Dynamo, tables: Tables, zone: tzinfo = UTC) -> None:
        """Days are those of `zone`."""
        self._dynamo = dynamo
        self._tables = tables
        self._zone = zone

    def apply(self, changes: Iterable[Change]) -> None:
        """Bring search and counts up to date for what changed. Raises Unavailable."""
        issue_ids = sorted({change.subject for change in changes})
        for start in range(0, len(issue_ids), AT_ONCE):
            self._project(issue_ids[start : start + AT_ONCE])

    def _project(self, issue_ids: Sequence[str]) -> None:
        for _ in range(ATTEMPTS):
            moves = [move for each in issue_ids if (move := self._due(each)) is not None]
            if not moves:
                return
            try:
                self._make(moves)
            except ConditionFailed:
                continue  # one was counted by someone else in the meantime
            return
        raise Unavailable()

    def _due(self, issue_id: str) -> _Move | None:
        """Return how an issue is to be counted anew, None when it is counted as it is."""
        values = self._dynamo.get(self._tables.of(ISSUES), {"issueId": issue_id})
        if values is None:
            return None
        issue = struct_of(Issue, values)
        before = self._counted(issue_id)
        now = _seen(issue, before.revision + 1, self._zone)
        return None if _same(before, now) else _Move(issue, before, now)

    def _counted(self, issue_id: str) -> Counted:
        values = self._dynamo.get(self._tables.of(ISSUE_FIGURES), _counted_key(issue_id))
        if values is None:
            return Counted()
        return msgspec.json.decode(values["counted"], type=Counted)

    def _make(self, moves: Sequence[_Move]) -> None:
        # Words come first and go last: what is not found any more is looked up in vain, what is
        # not yet listed would be missed.
        for each in moves:
            self._list_words(each.issue, each.now.words - each.before.words)
        marks = [self._mark(each) for each in moves]
        self._dynamo.transact(*marks, *self._sums(moves))
        gone = [
            {"word": word, "place": place_of(each.issue)}
            for each in moves
            for word in each.before.words - each.now.words
        ]
        self._dynamo.write_many(self._tables.of(ISSUE_SEARCH), delete=gone)

    def _list_words(self, issue: Issue, found: frozenset[str]) -> None:
        table = self._tables.of(ISSUE_SEARCH)
        listings = [listing_of(word) for word in sorted(found) if not word.startswith("#")]
        known = {values["place"] for values in self._dynamo.get_many(table, listings)}
        new = [each for each in listings if each["place"] not in known]
        places = [{"word": word, "place": place_of(issue)} for word in sorted(found)]
        self._dynamo.write_many(table, put=[*new, *places])

    def _mark(self, move: _Move) -> Operation:
        """Return what notes how an issue is counted, unless somebody else has done so: by it sums
        move once."""
        figures = self._tables.of(ISSUE_FIGURES)
        counted = {
            **_counted_key(move.issue.issue_id),
            "revision": move.now.revision,
            "counted": msgspec.json.encode(move.now).decode(),
        }
        if not move.before.revision:
            return put(figures, counted, "attribute_not_exists(#figure)")
        return put(figures, counted, "#revision = :before", before=move.before.revision)

    def _sums(self, moves: Sequence[_Move]) -> list[Operation]:
        """Return the one update of every sum that these issues move."""
        figures = self._tables.of(ISSUE_FIGURES)
        operations: list[Operation] = []
        sums = amounts(
            [facets for each in moves for facets in _some(each.before.facets)],
            [facets for each in moves for facets in _some(each.now.facets)],
        )
        for total, n in sums.totals.items():
            operations.append(add(figures, total_key(total), {"n": n}))
        for day, (reported, resolved) in sums.days.items():
            moved = {"reported": reported, "resolved": resolved}
            operations.append(add(figures, day_key("day", day), moved))
        for day, took in _times(moves).items():
            operations.append(add(figures, day_key("took", day), took))
        return operations


def _times(moves: Sequence[_Move]) -> dict[tuple[str, str], Counter[str]]:
    """Return by day and type what to add: resolutions by their minutes, and targets met."""
    times: dict[tuple[str, str], Counter[str]] = {}
    signed = [pair for m in moves for pair in ((-1, m.before.resolution), (1, m.now.resolution))]
    for sign, each in signed:
        if each is None:
            continue
        took = times.setdefault((each.day, each.issue_type), Counter())
        took[str(each.minutes)] += sign
        if each.met is not None:
            took["withTarget"] += sign
            took["withinTarget"] += sign * each.met
    moved = {day: Counter({k: n for k, n in took.items() if n}) for day, took in times.items()}
    return {day: took for day, took in moved.items() if took}


def _seen(issue: Issue, revision: int, zone: tzinfo) -> Counted:
    found = {word[:LONGEST_WORD] for word in words_of(issue)}
    words = sorted(found, key=len, reverse=True)[:MOST_WORDS]
    return Counted(
        revision,
        Facets.of(issue, zone),
        Resolution.of(issue, zone),
        frozenset({*words, id_word(issue.issue_id)}),
    )


def _same(before: Counted, now: Counted) -> bool:
    return msgspec.structs.replace(before, revision=now.revision) == now


def _some(facets: Facets | None) -> list[Facets]:
    return [] if facets is None else [facets]


def _counted_key(issue_id: str) -> Values:
    return {"figure": f"issue#{issue_id}", "name": "counted"}


def total_key(total: Total) -> Values:
    """Return the key of a total; `name_of` reads its name."""
    return {"figure": "total", "name": _name(total)}


def day_key(figure: str, day: Sequence[str]) -> Values:
    """Return the key of a figure of one day. A month is a partition, read in order of days."""
    return {"figure": f"{figure}#{day[0][:7]}", "name": _name(day)}


def _name(parts: Sequence[object]) -> str:
    return msgspec.json.encode(parts).decode()
