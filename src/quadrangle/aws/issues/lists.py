"""Lists of issues on DynamoDB, newest first: without a scan, whatever narrows them.

Every list is a merge of walks, each along one partition that is sorted by creation: one per status
of `status-createdAt-index`, or an assignee's, or those of search words. What no key says is
narrowed while reading.
"""

import heapq
from collections.abc import Iterator
from itertools import groupby

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues import search as issue_search
from quadrangle.aws.issues.tables import BY_ASSIGNEE, BY_STATUS, ISSUES
from quadrangle.aws.issues.walks import AFTER_EVERY_ID, MOST_CALLS, Step, WalkPosition
from quadrangle.issues.model import Status
from quadrangle.issues.ports import NOBODY, IssueQuery


class Found(msgspec.Struct, frozen=True):
    """The issues of a page, as stored, and where the next begins; None at the end."""

    items: list[Values]
    next: WalkPosition | None


def page(
    dynamo: Dynamo,
    tables: Tables,
    query: IssueQuery,
    limit: int,
    before: WalkPosition | None,
    most_calls: int = MOST_CALLS,
) -> Found:
    """Return at most `limit` issues older than `before`; fewer when a walk had to stop early."""
    if query.text is not None:
        walks = issue_search.walks(dynamo, tables, query, before, limit)
    else:
        queries = _queries(tables, query, before)
        walks = [_walk(dynamo, each, before, limit, most_calls) for each in queries]
    items: list[Values] = []
    last: WalkPosition | None = None
    for step in heapq.merge(*walks, key=lambda step: step.position, reverse=True):
        if step.values is None:
            return Found(items, step.position)
        if step.position == last:
            continue  # two words of a search led to the same issue
        if len(items) == limit:
            return Found(items, last)
        items.append(step.values)
        last = step.position
    return Found(items, None)


def _queries(tables: Tables, query: IssueQuery, before: WalkPosition | None) -> Iterator[Query]:
    """Return one query for each partition the list is merged from."""
    conditions, values = _narrowed(query)
    start = "" if before is None else " AND #createdAt <= :before"
    if before is not None:
        values["before"] = before[0]
    if query.assignee_id is not None and query.assignee_id != NOBODY:
        if query.status is not None:
            conditions.append("#status = :status")
            values["status"] = query.status
        if _is_unresolved(query):
            conditions.append("#status <> :resolved")
            values["resolved"] = Status.RESOLVED
        partitions = [(BY_ASSIGNEE, "assigneeId", query.assignee_id)]
    else:
        partitions = [(BY_STATUS, "status", status) for status in _statuses(query)]
    for index, attribute, value in partitions:
        yield Query(
            tables.of(ISSUES),
            f"#{attribute} = :partition{start}",
            {**values, "partition": value},
            index,
            " AND ".join(conditions) or None,
            newest_first=True,
        )


def _statuses(query: IssueQuery) -> list[Status]:
    wanted = [query.status] if query.status else list(Status)
    return [each for each in wanted if each is not Status.RESOLVED or not _is_unresolved(query)]


def _is_unresolved(query: IssueQuery) -> bool:
    return query.overdue_at is not None or query.has_due is not None


def _narrowed(query: IssueQuery) -> tuple[list[str], Values]:
    """Return the conditions that no key stands for, and their values."""
    equal = {
        "issueType": query.issue_type,
        "location": query.location,
        "priority": query.priority,
    }
    values: Values = {name: value for name, value in equal.items() if value is not None}
    conditions = [f"#{name} = :{name}" for name in values]
    if query.assignee_id == NOBODY:
        conditions.append("attribute_not_exists(#assigneeId)")
    if query.overdue_at is not None:
        conditions.append("#dueAt < :overdue")
        values["overdue"] = query.overdue_at
    if query.has_due is False:
        conditions.append("attribute_not_exists(#dueAt)")
    return conditions, values


def _walk(
    dynamo: Dynamo, query: Query, before: WalkPosition | None, limit: int, most_calls: int
) -> Iterator[Step]:
    """Yield the issues of one partition that come after `before`, newest first."""
    # with a filter, what a call reads and what it gives are apart: it reads as much as it may
    page_size = None if query.narrowed else limit + 2
    reading = _reading(dynamo, msgspec.structs.replace(query, page_size=page_size), most_calls)
    # DynamoDB leaves open how issues of one instant are ordered; here they are by id
    for instant, steps in groupby(reading, key=lambda step: step.position[0]):
        together = sorted(steps, key=lambda step: step.position, reverse=True)
        if any(step.values is None for step in together):
            # the next page begins with all of this instant, as some may not have been read
            yield Step((instant, AFTER_EVERY_ID), None)
            return
        yield from (step for step in together if before is None or step.position < before)


def _reading(dynamo: Dynamo, query: Query, most_calls: int) -> Iterator[Step]:
    for _ in range(most_calls):
        read = dynamo.query_page(query)
        yield from (Step((v["createdAt"], v["issueId"]), v) for v in read.items)
        if read.last is None:
            return
        query = msgspec.structs.replace(query, start=read.last)
    if query.start is not None:
        yield Step((query.start["createdAt"], query.start["issueId"]), None)
