"""The meeting store on DynamoDB.

A meeting, its change record, the hours it takes of people and the room it takes of all meetings are
one transaction. What it has taken stands in its item, so giving it back needs no search.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, Query, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.lone_items import second_after
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.meetings import lists, room_limit
from quadrangle.aws.meetings.hours import PeoplesHours, people_of
from quadrangle.aws.meetings.keys import MEETING, NEW, alone, part_of
from quadrangle.aws.meetings.records import (
    DUE,
    Holding,
    Position,
    holding_of,
    item_of,
    meeting_of,
    page_of,
)
from quadrangle.aws.meetings.tables import MEETINGS, MEETINGS_BY_LOOK
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.page import Page, decode_cursor
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.meetings.scheduling.claims_model import HourClaim, NoRoomThen, RoomLimit
from quadrangle.meetings.window_rules import ends_at

MOST_OPERATIONS = 100  # of one transaction
AT_ONCE = 100  # meetings that a sweep reads
# Machines are let go of well within so long after the end; who asks for one later needs no answer.
_MACHINES_KEPT = timedelta(days=2)

_TOO_MANY = "So many meetings cannot be scheduled at once. Please make two series of it."


class DynamoMeetingStore:
    """Implements meetings.ports.MeetingStore.

    Calls block: a container of Lambda has one request at a time, so nobody waits for them.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._changes = tables.of(CHANGES)

    async def add(
        self,
        meetings: Sequence[Meeting],
        changes: Sequence[Change],
        claims: Mapping[str, Sequence[HourClaim]] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        retry_until_written(lambda: self._add(meetings, changes, claims or {}, limit))

    def _add(
        self,
        meetings: Sequence[Meeting],
        changes: Sequence[Change],
        claims: Mapping[str, Sequence[HourClaim]],
        limit: RoomLimit | None,
    ) -> None:
        hours = PeoplesHours(self._dynamo, self._table, people_of(claims))
        written: list[Operation] = []
        taken: list[room_limit.Steps] = []
        for meeting in meetings:
            claimed = claims.get(meeting.meeting_id, ())
            hours.claim(meeting.meeting_id, claimed)
            holding = _holding(meeting, claimed, limit, None)
            if holding.steps is not None:
                taken.append(holding.steps)
            written.append(put(self._table, item_of(meeting, holding), NEW))
            written += self._machines(meeting)
        room = room_limit.operations(self._table, room_limit.differences(taken), limit)
        self._write(hours, room, limit, [*written, *change_operations(self._changes, changes, 1)])

    async def get(self, meeting_id: str) -> Meeting | None:
        found = self._found(meeting_id)
        return None if found is None else meeting_of(found)

    async def save(
        self,
        meeting: Meeting,
        changes: Sequence[Change],
        claims: Sequence[HourClaim] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        retry_until_written(lambda: self._save(meeting, changes, claims, limit))

    def _save(
        self,
        meeting: Meeting,
        changes: Sequence[Change],
        claims: Sequence[HourClaim] | None,
        limit: RoomLimit | None,
    ) -> None:
        stored = self._found(meeting.meeting_id)
        if stored is None or stored["version"] != meeting.version - 1:
            raise Conflict()
        before = holding_of(stored)
        after = _holding(meeting, claims, limit, before)
        hours = PeoplesHours(self._dynamo, self._table, _whose(claims, before, meeting))
        if claims is not None or meeting.is_over:
            hours.release(meeting.meeting_id, before.people)
        if claims is not None and not meeting.is_over:
            hours.claim(meeting.meeting_id, claims)
        changed = room_limit.differences(_steps(after), _steps(before))
        written = put(
            self._table, item_of(meeting, after), "#version = :before", before=meeting.version - 1
        )
        self._write(
            hours,
            room_limit.operations(self._table, changed, limit),
            limit,
            [
                written,
                *self._machines(meeting),
                *change_operations(self._changes, changes, meeting.version),
            ],
        )

    def _write(
        self,
        hours: PeoplesHours,
        room: Sequence[Operation],
        limit: RoomLimit | None,
        others: Sequence[Operation],
    ) -> None:
        """Write all or nothing. Raises ConditionFailed where somebody took hours meanwhile: then
        what is left is to be looked at again; NoRoomThen; Conflict."""
        of_people = hours.operations()
        operations = [*of_people, *room, *others]
        if len(operations) > MOST_OPERATIONS:
            raise InvalidInput(message=_TOO_MANY)
        try:
            self._dynamo.transact(*operations)
        except ConditionFailed as error:
            if error.index < len(of_people):
                raise
            if error.index < len(of_people) + len(room) and limit is not None:
                raise NoRoomThen(limit.sentence) from error
            raise Conflict() from error

    def _machines(self, meeting: Meeting) -> list[Operation]:
        """Return what has each machine lead to the meeting."""
        expires = second_after(ends_at(meeting) + _MACHINES_KEPT)
        return [
            put(
                self._table,
                {
                    **alone("machine", each.machine_id),
                    "meeting": meeting.meeting_id,
                    EXPIRES: expires,
                },
            )
            for each in _present(meeting)
            if each.machine_id is not None and not each.is_settled
        ]

    async def page(self, query: MeetingQuery, limit: int, cursor: str | None) -> Page[Meeting]:
        after = None if cursor is None else decode_cursor(cursor, Position)
        return page_of(lists.find(self._dynamo, self._table, query, after, limit + 1), limit)

    async def unsettled(self, now: str) -> AsyncIterator[Meeting]:
        query = Query(
            self._table,
            "#due = :due AND #look_at <= :now",
            {"due": DUE, "now": now},
            MEETINGS_BY_LOOK,
        )
        keys = [part_of(each["id"], MEETING) for each in self._dynamo.query(query)]
        for start in range(0, len(keys), AT_ONCE):
            batch = keys[start : start + AT_ONCE]
            for values in self._dynamo.get_many(self._table, batch, consistent=True):
                meeting = meeting_of(values)
                if meeting.look_at is not None and meeting.look_at <= now:
                    yield meeting

    async def of_machine(self, machine_id: str) -> str | None:
        led = self._dynamo.get(self._table, alone("machine", machine_id))
        meeting = None if led is None else await self.get(led["meeting"])
        if meeting is None:
            return None
        present = [each.machine_id for each in _present(meeting)]
        return meeting.meeting_id if machine_id in present else None

    def _found(self, meeting_id: str) -> Values | None:
        return self._dynamo.get(self._table, part_of(meeting_id, MEETING))


def _present(meeting: Meeting):
    found = (meeting.desktop(role) for role in MeetingRole)
    return [each for each in found if each is not None]


def _holding(
    meeting: Meeting,
    claims: Sequence[HourClaim] | None,
    limit: RoomLimit | None,
    before: Holding | None,
) -> Holding:
    """Return what a meeting holds once it is written: `claims` None leave the hours it has."""
    if meeting.is_over:
        return Holding()
    if claims is None:
        people = before.people if before else ()
    else:
        people = tuple(sorted({each.teacher_id for each in claims}))
    lead_s = limit.lead_s if limit else (before.lead_s if before else None)
    return Holding(people, room_limit.steps_of(meeting, limit, lead_s), lead_s)


def _whose(claims: Sequence[HourClaim] | None, before: Holding, meeting: Meeting) -> Sequence[str]:
    if claims is None and not meeting.is_over:
        return ()
    return [*before.people, *(each.teacher_id for each in claims or ())]


def _steps(holding: Holding) -> list[room_limit.Steps]:
    return [] if holding.steps is None else [holding.steps]
