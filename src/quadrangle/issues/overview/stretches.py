"""The orders of lists, as stretches that follow one another, each of which a store can walk.

Newest: one stretch. By priority: a stretch for each, the most pressing first, newest first within.
By due: what is unresolved and has a time to be resolved by, soonest first; then what is unresolved
without one; then what is resolved, of which nothing is due any more; both newest first.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec

from quadrangle.issues.model import Priority, Status
from quadrangle.issues.ports import IssueQuery, Sort
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor

MOST_PRESSING_FIRST = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)

T = TypeVar("T")
_Text = Annotated[str, msgspec.Meta(max_length=40)]
# Behind which issue a stretch goes on: what it is sorted by, and what tells issues apart that are
# alike in that.
Position = tuple[_Text, _Text]


class Walked(msgspec.Struct, Generic[T], frozen=True):
    """Issues of one stretch, and behind which there are more, or may be (None at its end)."""

    items: Sequence[T]
    next: Position | None


# Walks a stretch (a query that is by due or newest first) from behind a position, or its beginning;
# gives so many issues at most.
Walk = Callable[[IssueQuery, Position | None, int], Walked[T]]


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a sorted list goes on: in which of its stretches, and where there."""

    sort: Sort
    stretch: Annotated[int, msgspec.Meta(ge=0, le=9)]
    position: Position | None = None


def sorted_page(query: IssueQuery, limit: int, cursor: str | None, walk: Walk[T]) -> Page[T]:
    """Return a page of a list that is not by its age alone. Raises InvalidInput when the cursor is
    not one of a list in this order."""
    place = Place(query.sort, 0) if cursor is None else _place_of(query, cursor)
    items: list[T] = []
    position = place.position
    for number, stretch in list(enumerate(stretches(query)))[place.stretch :]:
        room = limit - len(items)
        # with no room left, only whether there is more is asked for
        walked = walk(stretch, position, room or 1)
        if room == 0 and walked.items:
            return Page(items, encode_cursor(Place(query.sort, number)))
        items += walked.items
        if walked.next is not None:
            return Page(items, encode_cursor(Place(query.sort, number, walked.next)))
        position = None
    return Page(items, None)


def _place_of(query: IssueQuery, cursor: str) -> Place:
    place = decode_cursor(cursor, Place)
    if place.sort is not query.sort:
        raise InvalidInput.at("cursor", "This cursor is of a list in another order.")
    return place


def stretches(query: IssueQuery) -> list[IssueQuery]:
    """Return what a list is made of, in its order."""
    newest = msgspec.structs.replace(query, sort=Sort.NEWEST)
    if query.sort is Sort.PRIORITY and query.priority is None:
        return [msgspec.structs.replace(newest, priority=each) for each in MOST_PRESSING_FIRST]
    if query.sort is not Sort.DUE:
        return [newest]
    unresolved: list[IssueQuery] = []
    if query.status is not Status.RESOLVED:
        unresolved.append(msgspec.structs.replace(query, has_due=True))
    if query.overdue_at is not None:
        return unresolved
    if unresolved:
        unresolved.append(msgspec.structs.replace(newest, has_due=False))
    if query.status is Status.OPEN or query.status is Status.IN_PROGRESS:
        return unresolved
    return [*unresolved, msgspec.structs.replace(newest, status=Status.RESOLVED)]
