"""Lists of meetings in order of their start: merged from walks along one partition each, one per
status, or one per side that a person can be on."""

import heapq
from collections.abc import Iterator

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import Values
from quadrangle.aws.meetings.records import Position, place
from quadrangle.aws.meetings.tables import (
    MEETINGS_BY_STATUS,
    MEETINGS_BY_STUDENT,
    MEETINGS_BY_TEACHER,
)
from quadrangle.meetings.model import Status
from quadrangle.meetings.ports import MeetingQuery

_FIRST, _LAST = " ", "~"  # before and behind every place


def find(
    dynamo: Dynamo, table: str, query: MeetingQuery, after: Position | None, most: int
) -> list[Values]:
    """Return the items of the next meetings beyond `after`, at most so many."""
    walks = [dynamo.query(each) for each in _queries(table, query, after, most)]
    passed = None if after is None else place(after)
    found: list[Values] = []
    for values in heapq.merge(*walks, key=lambda v: v["place"], reverse=query.newest_first):
        if values["place"] == passed:
            continue  # where the last page ended, or a meeting of somebody with themselves
        passed = values["place"]
        found.append(values)
        if len(found) == most:
            break
    return found


def _queries(table: str, query: MeetingQuery, after: Position | None, most: int) -> Iterator[Query]:
    low, high = query.first or _FIRST, query.last or _LAST
    if after is not None and query.newest_first:
        high = min(high, place(after))
    elif after is not None:
        low = max(low, place(after))
    if low > high:
        return
    narrowed = None
    values: Values = {"low": low, "high": high}
    if query.person_id is None:
        statuses = [query.status] if query.status else list(Status)
        partitions = [(MEETINGS_BY_STATUS, "status", each.value) for each in statuses]
    else:
        partitions = [
            (MEETINGS_BY_TEACHER, "teacher_id", query.person_id),
            (MEETINGS_BY_STUDENT, "student_id", query.person_id),
        ]
        if query.status is not None:
            narrowed, values["status"] = "#status = :status", query.status.value
    for index, attribute, partition in partitions:
        yield Query(
            table,
            f"#{attribute} = :partition AND #place BETWEEN :low AND :high",
            {**values, "partition": partition},
            index,
            narrowed,
            newest_first=query.newest_first,
            page_size=None if narrowed else most + 1,
        )
