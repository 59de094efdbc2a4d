"""Search for words on DynamoDB: a table of words, each with the issues it stands in, newest first.

One word of a query drives; whether an issue has the others too is looked up in the issue itself.
issue_projection.py keeps the table.
"""

import math
from collections.abc import Iterator

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.tables import ISSUE_SEARCH, ISSUES
from quadrangle.aws.issues.walks import MOST_CALLS, Step, WalkPosition
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.numbers import is_ordered, number_in, number_of
from quadrangle.issues.overview.search_text import (
    MAX_WORDS,
    SHORTEST_PREFIX,
    id_beginning,
    words,
    words_of,
)
from quadrangle.issues.ports import NOBODY, IssueQuery
from quadrangle.kernel.ids import is_id

# Issues a walk looks up at once. Each is paid for, so a walk first takes its share of a page.
CANDIDATES = 50
FEWEST = 10
MOST = 100
MAX_COMPLETIONS = 24  # words that one beginning may stand for
ID_DIGITS = 6  # of a random id, that an issue is found by
_BUCKET = 2  # first letters that words are listed under


class Wanted(msgspec.Struct, frozen=True):
    """What a query asks of an issue: `beginning` is that of one of its words; `id_part`, where it
    is given, is its number or how its id begins, and `id_word` what it stands under."""

    query: IssueQuery
    whole: frozenset[str]
    beginning: str
    id_part: str | None = None
    id_word: str | None = None

    def fits(self, issue: Issue) -> bool:
        return is_in(issue, self.query) and self._has_words(issue)

    def _has_words(self, issue: Issue) -> bool:
        if self.id_part is not None:
            is_number = self.id_part == number_of(issue.issue_id)
            return is_number or issue.issue_id.startswith(self.id_part)
        found = set(words_of(issue))
        if len(self.beginning) < SHORTEST_PREFIX:
            return self.whole <= found and self.beginning in found
        return self.whole <= found and any(word.startswith(self.beginning) for word in found)


def walks(
    dynamo: Dynamo, tables: Tables, query: IssueQuery, before: WalkPosition | None, limit: int
) -> list[Iterator[Step]]:
    """Return the walks that find what `query.text` says: ids that begin so, else words.

    They are for a page of `limit` issues and the one that tells that there are more.
    """
    lookup = Lookup(dynamo, tables)
    wanted = wanted_by(lookup, query)
    if wanted is None:
        return []
    if wanted.id_word is not None:
        return [_walk(lookup, wanted, wanted.id_word, before, limit + 1)]
    # long words are rare ones
    if wanted.whole:
        driving = [max(sorted(wanted.whole), key=len)]
    else:
        driving = _completions(dynamo, tables, wanted.beginning)
    share = math.ceil((limit + 1) / max(1, len(driving)))
    return [_walk(lookup, wanted, word, before, share) for word in driving]


def wanted_by(lookup: "Lookup", query: IssueQuery) -> Wanted | None:
    """Return what `query.text` asks of an issue: its number, or that its id begins so, where there
    is any like that, else words. None when it has no words."""
    text = query.text or ""
    part = number_in(text) or id_beginning(text)
    for word in _id_words(part) if part is not None else ():
        by_id = Wanted(IssueQuery(), frozenset(), "", part, word)
        if next(_walk(lookup, by_id, word, None, 1), None) is not None:
            return msgspec.structs.replace(by_id, query=query)
    found = words(text)[:MAX_WORDS]
    return Wanted(query, frozenset(found[:-1]), found[-1]) if found else None


def id_word(issue_id: str) -> str:
    """Return what stands for an id among the words: how a random one begins, an ordered one's
    number, as their beginnings are alike for hours."""
    return f"#{number_of(issue_id)}" if is_ordered(issue_id) else f"#{issue_id[:ID_DIGITS]}"


def _id_words(part: str) -> list[str]:
    """Return under which words an id may stand that has this number, or begins so."""
    words = [f"#{part[:ID_DIGITS]}"]
    if number_in(part):
        words.insert(0, f"#{part}")
    elif is_id(part):
        words.insert(0, id_word(part))
    return words


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
        tables.of(ISSUE_SEARCH),
        "#word = :bucket AND begins_with(#place, :beginning)",
        {"bucket": f"~{beginning[:_BUCKET]}", "beginning": beginning},
        page_size=MAX_COMPLETIONS,
    )
    return [values["place"] for values in dynamo.query_page(listed).items]


def _walk(
    lookup: "Lookup", wanted: Wanted, word: str, before: WalkPosition | None, share: int
) -> Iterator[Step]:
    query = Query(
        lookup.tables.of(ISSUE_SEARCH),
        "#word = :word",
        {"word": word},
        newest_first=True,
        page_size=min(max(share, FEWEST), MOST),
    )
    if before is not None:
        values = {"word": word, "before": "#".join(before)}
        query = msgspec.structs.replace(
            query, condition="#word = :word AND #place < :before", values=values
        )
    for _ in range(MOST_CALLS):
        read = lookup.dynamo.query_page(query)
        positions = [_position(values["place"]) for values in read.items]
        issues = lookup.issues(positions)
        for position in positions:
            values = issues.get(position[1])
            if values is not None and wanted.fits(struct_of(Issue, values)):
                yield Step(position, values)
        if read.last is None:
            return
        query = msgspec.structs.replace(query, start=read.last, page_size=CANDIDATES)
    if query.start is not None:
        yield Step(_position(query.start["place"]), None)


def _position(place: str) -> WalkPosition:
    created_at, issue_id = place.split("#")
    return created_at, issue_id


class Lookup:
    """Reads issues for one page of a list, each once, as several words lead to the same."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self.dynamo = dynamo
        self.tables = tables
        self._found: dict[str, Values] = {}

    def issues(self, positions: list[WalkPosition]) -> dict[str, Values]:
        """Return at least those of these issues that there are, by their ids."""
        new = [issue_id for _, issue_id in positions if issue_id not in self._found]
        keys = [{"issueId": issue_id} for issue_id in new]
        found = self.dynamo.get_many(self.tables.of(ISSUES), keys)
        self._found |= {values["issueId"]: values for values in found}
        return self._found


def is_in(issue: Issue, query: IssueQuery) -> bool:
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
    if query.has_due is not None:
        has_due = issue.due_at is not None
        if issue.status is Status.RESOLVED or has_due is not query.has_due:
            return False
    return query.overdue_at is None or _is_overdue(issue, query.overdue_at)


def _is_overdue(issue: Issue, at: str) -> bool:
    due = issue.due_at
    return due is not None and due < at and issue.status is not Status.RESOLVED
