"""What was typed in a room, for its two people to read again, also for a while after the end."""

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Gone
from quadrangle.meetings.materials.keeping_rules import kept_until
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.room.model import Message
from quadrangle.meetings.room.ports import RoomStore
from quadrangle.meetings.room.rules import PAGE

OVER = "What was typed in this meeting was removed: it is kept for seven days."
_TO_ALL = ""  # the name of no participant: what is for everyone alone


class ChatPage(msgspec.Struct, frozen=True):
    """Some messages in order, and the place to go on after, None at the end of them."""

    messages: list[Message]
    after: int | None


class KeptChat:
    """Every verb raises Unavailable."""

    def __init__(self, store: RoomStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def show(self, meeting: Meeting, after: int) -> ChatPage:
        """Return the messages placed after `after`. Raises Gone once their time is over."""
        now = self._clock.now()
        until = kept_until(meeting)
        if until is not None and now >= until:
            raise Gone(OVER)
        found = await self._store.messages(meeting.meeting_id, _TO_ALL, after, to_text(now), PAGE)
        return ChatPage(found, found[-1].place if len(found) == PAGE else None)

    async def clear_away(self) -> None:
        """Remove what is past its time, of every meeting."""
        await self._store.clear_away(to_text(self._clock.now()))
