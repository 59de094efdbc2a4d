"""Search for words on DynamoDB: a table of words, each with the issues it stands in, newest first.

One word of a query drives; whether an issue has the others too is looked up in the issue itself.
issue_projection.py keeps the table.
"""

from collections.abc import Iterator

import msgspec

from quadrangle.aws.dynamo import Dynamo, Query
from quadrangle.aws.issue_walks import MOST_CALLS, Position, Step
from quadrangle.aws.items import Values, struct_of
from quadrangle.aws.tables import Tables
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.ports import NOBODY, IssueQuery
from quadrangle.issues.search_text import (
    MAX_WORDS,
    SHORTEST_PREFIX,
    id_beginning,
    words,
    words_of,
)

CANDIDATES = 50  # issues looked up at once
MAX_COMPLETIONS = 24  # words that one beginning may stand for
ID_DIGITS = 6  # of an issue's id, that it is found by
_BUCKET = 2  # first letters that words are listed under


class Wanted(msgspec.Struct, frozen=True):
    """What a query asks of an issue; `beginning` of one of its words, or of its id."""

    query: IssueQuery
    whole: frozenset[str]
    beginning: str
    id_beginning: str | None = None

    def fits(self, issue: Issue) -> bool:
        return _is_in(issue, self.query) and self._has_words(issue)

    def _has_words(self, issue: Issue) -> bool:
        if self.id_beginning is not None:
            return issue.issue_id.startswith(self.id_beginning)
        found = set(words_of(issue))
        if len(self.beginning) < SHORTEST_PREFIX:
            return self.whole <= found and self.beginning in found
        return self.whole <= found and any(word.startswith(self.beginning) for word in found)


def walks(
    dynamo: Dynamo, tables: Tables, query: IssueQuery, before: Position | None
) -> list[Iterator[Step]]:
    """Return the walks that find what `query.text` says: ids that begin so, else words."""
    text = query.text or ""
    beginning = id_beginning(text)
    if beginning is not None:
        by_id = Wanted(IssueQuery(), frozenset(), "", beginning)
        key = id_word(beginning)
        if next(_walk(dynamo, tables, by_id, key, None), None) is not None:
            wanted = msgspec.structs.replace(by_id, query=query)
            return [_walk(dynamo, tables, wanted, key, before)]
    found = words(text)[:MAX_WORDS]
    if not found:
        return []
    *whole, last = found
    wanted = Wanted(query, frozenset(whole), last)
    # long words are rare ones
    driving = [max(whole, key=len)] if whole else _completions(dynamo, tables, last)
    return [_walk(dynamo, tables, wanted, word, before) for word in driving]


def id_word(issue_id: str) -> str:
    """Return what stands for the beginning of an id among the words."""
    return f"#{issue_id[:ID_DIGITS]}"


def place_of(issue: Issue) -> str:
    """Return where an issue stands under each of its words."""
    return f"{issue.created_at}#{issue.issue_id}"


def listing_of(word: str) -> Values:
    """Return the item by which a word is found from its beginning."""
    return {"word": f"~{word[:_BUCKET]}", "place": word}


def _completions(dynamo: Dynamo, tables: Tables, beginning: str) -> list[str]:
    if len(beginning) < SHORTEST_PREFIX:
        return [beginning]
    listed = Query(
        tables.issue_search,
        "#word = :bucket AND begins_with(#place, :beginning)",
        {"bucket": f"~{beginning[:_BUCKET]}", "beginning": beginning},
        page_size=MAX_COMPLETIONS,
    )
    return [values["place"] for values in dynamo.query_page(listed).items]


def _walk(
    dynamo: Dynamo, tables: Tables, wanted: Wanted, word: str, before: Position | None
) -> Iterator[Step]:
    query = Query(
        tables.issue_search,
        "#word = :word",
        {"word": word},
        newest_first=True,
        page_size=CANDIDATES,
    )
    if before is not None:
        values = {"word": word, "before": "#".join(before)}
        query = msgspec.structs.replace(
            query, condition="#word = :word AND #place < :before", values=values
        )
    for _ in range(MOST_CALLS):
        read = dynamo.query_page(query)
        positions = [_position(values["place"]) for values in read.items]
        issues = _issues(dynamo, tables, positions)
        for position in positions:
            values = issues.get(position[1])
            if values is not None and wanted.fits(struct_of(Issue, values)):
                yield Step(position, values)
        if read.last is None:
            return
        query = msgspec.structs.replace(query, start=read.last)
    if query.start is not None:
        yield Step(_position(query.start["place"]), None)


def _position(place: str) -> Position:
    created_at, issue_id = place.split("#")
    return created_at, issue_id


def _issues(dynamo: Dynamo, tables: Tables, positions: list[Position]) -> dict[str, Values]:
    keys = [{"issueId": issue_id} for _, issue_id in positions]
    return {values["issueId"]: values for values in dynamo.get_many(tables.issues, keys)}


def _is_in(issue: Issue, query: IssueQuery) -> bool:
    """Tell whether the filters of a list let an issue through."""
    assignee = NOBODY if issue.assignee_id is None else issue.assignee_id
    pairs = (
        (query.status, issue.status),
        (query.issue_type, issue.issue_type),
        (query.location, issue.location),
        (query.priority, issue.priority),
        (query.assignee_id, assignee),
    )
    if any(wanted is not None and wanted != value for wanted, value in pairs):
        return False
    return query.overdue_at is None or _is_overdue(issue, query.overdue_at)


def _is_overdue(issue: Issue, at: str) -> bool:
    due = issue.due_at
    return due is not None and due < at and issue.status is not Status.RESOLVED
