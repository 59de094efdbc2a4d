"""The video room on DynamoDB.

A message takes the next place of its room in the transaction that moves the room's count. A reader
asks for the count first and reads up to there, so that what comes meanwhile is never skipped; and
asking when there is nothing new costs one small read.
"""

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import second_after
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.meetings.keys import MESSAGE, NEW, PARTICIPANT, ROOM, part_of
from quadrangle.aws.meetings.merged import merge
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.clock import from_text
from quadrangle.meetings.room.model import Message, Participant


class DynamoRoomStore:
    """Implements meetings.room.ports.RoomStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    async def participants(self, meeting_id: str, now: str) -> list[Participant]:
        query = Query(
            self._table,
            "#id = :meeting AND begins_with(#part, :kind)",
            {"meeting": meeting_id, "kind": PARTICIPANT, "now": now},
            narrowed="#until > :now",
        )
        found = [struct_of(Participant, values) for values in self._dynamo.query(query)]
        return sorted(found, key=lambda each: (each.came_at, each.participant_id))

    async def put(self, participant: Participant) -> None:
        key = part_of(participant.meeting_id, f"{PARTICIPANT}{participant.participant_id}")
        more = {EXPIRES: second_after(from_text(participant.until))}
        merge(self._dynamo, self._table, key, participant, _with_news, more)

    async def clear_away(self, now: str) -> None:
        return  # the table does so by itself

    async def add(self, message: Message) -> int:
        return retry_until_written(lambda: self._add(message))

    def _add(self, message: Message) -> int:
        count = self._count(message.meeting_id)
        place, key = (count or 0) + 1, part_of(message.meeting_id, ROOM)
        counted = {**key, "count": place}
        if count is None:
            next_place = put(self._table, counted, NEW)
        else:
            next_place = put(self._table, counted, "#count = :before", before=count)
        values = {
            **values_of(message),
            **_message_key(message.meeting_id, place),
            "place": None,  # the key says it
            EXPIRES: second_after(from_text(message.until)),
        }
        self._dynamo.transact(next_place, put(self._table, values))
        return place

    async def messages(
        self, meeting_id: str, reader: str, after: int, now: str, limit: int
    ) -> list[Message]:
        count = self._count(meeting_id)
        if count is None or count <= after:
            return []
        mine = "(#recipient = :reader OR attribute_not_exists(#recipient)) AND #until > :now"
        values = {"reader": reader, "now": now}
        found: list[Message] = []
        for stored in self._dynamo.query(self._between(meeting_id, after + 1, count, mine, values)):
            found.append(struct_of(Message, {**stored, "place": _place(stored)}))
            if len(found) == limit:
                break
        return found

    async def count(self, meeting_id: str, recipient: str | None, now: str) -> int:
        count = self._count(meeting_id)
        if count is None:
            return 0
        whose, values = "attribute_not_exists(#recipient)", {"now": now}
        if recipient is not None:
            whose, values = "#recipient = :reader", {"now": now, "reader": recipient}
        narrowed = f"{whose} AND #until > :now"
        return self._dynamo.count(self._between(meeting_id, 1, count, narrowed, values))

    def _between(
        self, meeting_id: str, first: int, last: int, narrowed: str, values: Values
    ) -> Query:
        places = {
            "first": _message_key(meeting_id, first)["part"],
            "last": _message_key(meeting_id, last)["part"],
        }
        return Query(
            self._table,
            "#id = :meeting AND #part BETWEEN :first AND :last",
            {"meeting": meeting_id, **places, **values},
            narrowed=narrowed,
        )

    def _count(self, meeting_id: str) -> int | None:
        found = self._dynamo.get(self._table, part_of(meeting_id, ROOM))
        return None if found is None else found["count"]


def _message_key(meeting_id: str, place: int) -> Values:
    return part_of(meeting_id, f"{MESSAGE}{place:010}")


def _place(stored: Values) -> int:
    return int(stored["part"].removeprefix(MESSAGE))


def _with_news(old: Participant, new: Participant) -> Participant:
    """Return what is known: what was seen later, and that somebody left, which stays."""
    return msgspec.structs.replace(
        old, seen_at=max(old.seen_at, new.seen_at), left_at=old.left_at or new.left_at
    )
