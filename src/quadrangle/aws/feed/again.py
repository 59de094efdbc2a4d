"""Hands changes on once more, those of long ago too: a stream forgets after a day.

Reactions may get a change more than once, so this repeats nothing that people see.
"""

import itertools
from collections.abc import Callable

import msgspec

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_of
from quadrangle.aws.feed.dispatch import StreamDispatcher
from quadrangle.aws.feed.tables import CHANGES

AT_ONCE = 100  # changes between two looks at the time that is left


class Again(msgspec.Struct, frozen=True):
    """Which changes: those from an instant on, as `clock.to_text` writes it. `behind` is where an
    earlier call ended, subject and place."""

    since: str
    behind: tuple[str, int] | None = None


class HandedOn(msgspec.Struct, frozen=True):
    """How many changes were handed on, and where to go on; None at the end."""

    changes: int
    behind: tuple[str, int] | None


def hand_on_again(
    dynamo: Dynamo,
    tables: Tables,
    dispatcher: StreamDispatcher,
    again: Again,
    is_time: Callable[[], bool],
) -> HandedOn:
    """Hand on what was written since, in no order, until there is no time or nothing more.

    `is_time` tells whether there is time for more. Raises Unavailable.
    """
    # all that is read counts, so that a long way past what is older ends in time as well
    read = dynamo.scan(tables.of(CHANGES), behind=_key(again.behind))
    handed_on, last = 0, again.behind
    while batch := list(itertools.islice(read, AT_ONCE)):
        changes = [change_of(each) for each in batch if each["at"] >= again.since]
        dispatcher.hand_on(changes)
        handed_on += len(changes)
        last = (batch[-1]["subject"], batch[-1]["seq"])
        if not is_time():
            return HandedOn(handed_on, last)
    return HandedOn(handed_on, None)


def _key(place: tuple[str, int] | None) -> Values | None:
    return None if place is None else {"subject": place[0], "seq": place[1]}
