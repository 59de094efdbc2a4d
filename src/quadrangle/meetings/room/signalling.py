"""The video room by plain calls: come in, send, ask for news, go. Alike on both wings."""

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.room import rules
from quadrangle.meetings.room.ice import IceSettings, ice_servers
from quadrangle.meetings.room.model import IceServer, Kind, Message, Participant
from quadrangle.meetings.room.ports import RoomStore


class Entered(msgspec.Struct, frozen=True):
    """What a page gets that comes in. `polite`: it gives way when both call at once."""

    participant_id: str
    ice_servers: list[IceServer]
    polite: bool


class News(msgspec.Struct, frozen=True):
    """What came since, and who is in the room now."""

    messages: list[Message]
    participants: list[Participant]


class Room:
    """Every verb raises Unavailable."""

    def __init__(self, store: RoomStore, clock: Clock, ice: IceSettings) -> None:
        self._store = store
        self._clock = clock
        self._ice = ice

    async def enter(self, meeting: Meeting, side: MeetingRole) -> Entered:
        """Come in. Another page of the same side is out then."""
        now = self._clock.now()
        newcomer = rules.enter(meeting, side, new_id(), now)
        await self._store.put(newcomer)
        return Entered(
            participant_id=newcomer.participant_id,
            ice_servers=ice_servers(self._ice, side.value, now),
            polite=side is MeetingRole.STUDENT,
        )

    async def send(
        self,
        meeting: Meeting,
        side: MeetingRole,
        participant_id: str,
        kind: Kind,
        data: str,
        to: str | None = None,
    ) -> None:
        """Send a message. Raises InvalidInput, Conflict, TooManyRequests, and Gone for a page that
        is no longer in the room."""
        now = self._clock.now()
        known = await self._store.participants(meeting.meeting_id, to_text(now))
        sender = rules.require_inside(known, participant_id, side)
        if kind is Kind.BYE:
            await self._store.put(msgspec.structs.replace(sender, left_at=to_text(now)))
            return
        others = rules.present(known, now)
        recipient = next((each for each in others if each.participant_id == to), None)
        message = rules.message(meeting, sender, recipient, kind, data, now)
        waiting = await self._store.count(meeting.meeting_id, message.recipient, to_text(now))
        rules.require_room_for(kind, waiting)
        await self._store.add(message)

    async def news(
        self, meeting: Meeting, side: MeetingRole, participant_id: str, after: int
    ) -> News:
        """Return what came after a place, and note that the page is there. Raises Gone."""
        now = self._clock.now()
        at = to_text(now)
        known = await self._store.participants(meeting.meeting_id, at)
        me = rules.require_inside(known, participant_id, side)
        if rules.is_due(me, now):
            await self._store.put(msgspec.structs.replace(me, seen_at=at))
        messages = await self._store.messages(
            meeting.meeting_id, participant_id, after, at, rules.PAGE
        )
        return News(messages, rules.present(known, now))
