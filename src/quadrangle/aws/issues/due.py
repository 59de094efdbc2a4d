"""What is unresolved on DynamoDB, soonest due first.

A merge of walks, one for each status of `status-dueAt-index`. The index tells little more than
when something is due, so each issue is looked up, and what narrows the list is looked for in it.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import groupby

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.search import Lookup, is_in, wanted_by
from quadrangle.aws.issues.tables import BY_DUE, ISSUES
from quadrangle.aws.issues.walks import BEFORE_EVERY_ID, MOST_CALLS, Step, WalkPosition
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.overview.stretches import Walked
from quadrangle.issues.ports import IssueQuery

CANDIDATES = 100  # looked up at once, when not every one will do


def soonest_due(
    dynamo: Dynamo, tables: Tables, query: IssueQuery, behind: WalkPosition | None, limit: int
) -> Walked[Values]:
    """Return at most `limit` issues that are due after `behind`; fewer when a walk had to stop."""
    lookup = Lookup(dynamo, tables)
    fits = _fits(lookup, query)
    if fits is None:
        return Walked([], None)
    every = msgspec.structs.replace(query, status=None, has_due=None)
    size = limit + 1 if every == IssueQuery(sort=query.sort) else CANDIDATES
    walks = [_walk(lookup, status, fits, behind, size) for status in _statuses(query)]
    items: list[Values] = []
    last: WalkPosition | None = None
    for step in heapq.merge(*walks, key=lambda step: step.position):
        if step.values is None:
            return Walked(items, step.position)
        if len(items) == limit:
            return Walked(items, last)
        items.append(step.values)
        last = step.position
    return Walked(items, None)


def _statuses(query: IssueQuery) -> list[Status]:
    unresolved = [Status.OPEN, Status.IN_PROGRESS]
    return [each for each in unresolved if query.status in (None, each)]


def _fits(lookup: Lookup, query: IssueQuery) -> Callable[[Issue], bool] | None:
    """Return what tells whether an issue is one of the list; None when none can be."""
    if query.text is None:
        return lambda issue: is_in(issue, query)
    wanted = wanted_by(lookup, query)
    return None if wanted is None else wanted.fits


def _walk(
    lookup: Lookup,
    status: Status,
    fits: Callable[[Issue], bool],
    behind: WalkPosition | None,
    size: int,
) -> Iterator[Step]:
    """Yield the issues of one status that are due after `behind`, soonest first."""
    reading = _reading(lookup, status, fits, behind, size)
    # DynamoDB leaves open how issues due at one instant are ordered; here they are by id
    for instant, steps in groupby(reading, key=lambda step: step.position[0]):
        together = sorted(steps, key=lambda step: step.position)
        if any(step.values is None for step in together):
            # the next page begins with all of this instant, as some may not have been read
            yield Step((instant, BEFORE_EVERY_ID), None)
            return
        yield from (step for step in together if behind is None or step.position > behind)


def _reading(
    lookup: Lookup,
    status: Status,
    fits: Callable[[Issue], bool],
    behind: WalkPosition | None,
    size: int,
) -> Iterator[Step]:
    start = "" if behind is None else " AND #dueAt >= :behind"
    values: Values = (
        {"status": status}
        if behind is None
        else {
            "status": status,
            "behind": behind[0],
        }
    )
    query = Query(
        lookup.tables.of(ISSUES), f"#status = :status{start}", values, BY_DUE, page_size=size
    )
    for _ in range(MOST_CALLS):
        read = lookup.dynamo.query_page(query)
        positions = [(values["dueAt"], values["issueId"]) for values in read.items]
        issues = lookup.issues(positions)
        for position in positions:
            found = issues.get(position[1])
            # the index is a moment late: the issue says how it is now
            if found is not None and _is_there(struct_of(Issue, found), status, position, fits):
                yield Step(position, found)
        if read.last is None:
            return
        query = msgspec.structs.replace(query, start=read.last)
    if query.start is not None:
        yield Step((query.start["dueAt"], query.start["issueId"]), None)


def _is_there(
    issue: Issue, status: Status, position: WalkPosition, fits: Callable[[Issue], bool]
) -> bool:
    return issue.status is status and issue.due_at == position[0] and fits(issue)
