"""A meeting as its item: under the names that the source system gave its record, for whoever reads
the table, with the whole of it as one text."""

from typing import Any

import msgspec

from quadrangle.aws.base.items import Values
from quadrangle.aws.meetings.keys import MEETING, part_of
from quadrangle.aws.meetings.room_limit import Steps
from quadrangle.kernel.page import Page, encode_cursor
from quadrangle.meetings.columns import named_of
from quadrangle.meetings.model import Meeting

# Where a list goes on: start and id of the last meeting shown.
Position = tuple[str, str]
DUE = "due"  # the one partition of the index of what is to be looked at


class Holding(msgspec.Struct, frozen=True):
    """What a meeting has taken: the people whose hours, and the steps of room; none once over."""

    people: tuple[str, ...] = ()
    steps: Steps | None = None
    lead_s: float | None = None


def item_of(meeting: Meeting, holding: Holding) -> Values:
    return {
        **part_of(meeting.meeting_id, MEETING),
        **named_of(meeting),
        "place": place((meeting.meet_time, meeting.meeting_id)),
        "due": None if meeting.look_at is None else DUE,
        "look_at": meeting.look_at,
        "version": meeting.version,
        "holding": msgspec.json.encode(holding).decode(),
        "body": msgspec.json.encode(meeting).decode(),
    }


def meeting_of(values: Values) -> Meeting:
    return msgspec.json.decode(values["body"], type=Meeting)


def holding_of(values: Values) -> Holding:
    return msgspec.json.decode(values["holding"], type=Holding)


def place(position: Position) -> str:
    """Return what meetings are sorted by in every list."""
    return "#".join(position)


def page_of(found: list[Values], limit: int) -> Page[Meeting]:
    """Return a page of what was found for it, one more than it shows where there is more."""
    shown: list[Meeting] = [meeting_of(values) for values in found[:limit]]
    last: Any = shown[-1] if len(found) > limit else None
    return Page(shown, None if last is None else encode_cursor((last.meet_time, last.meeting_id)))
