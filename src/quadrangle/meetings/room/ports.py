"""What the video room needs from the world."""

from typing import Protocol

from quadrangle.meetings.room.model import Message, Participant


class RoomStore(Protocol):
    """Keeps who is in rooms and what they send. What is past its `until` is as if it were not
    there, and is removed some time. Raises Unavailable."""

    async def participants(self, meeting_id: str, now: str) -> list[Participant]:
        """Return everyone who came, in that order, also who left."""
        ...

    async def put(self, participant: Participant) -> None:
        """Save a participant, or what is newly known of one: who left stays away."""
        ...

    async def add(self, message: Message) -> int:
        """Save a message and return its place, which is after those of all before it."""
        ...

    async def messages(
        self, meeting_id: str, reader: str, after: int, now: str, limit: int
    ) -> list[Message]:
        """Return what is for a participant or for everyone, placed after `after`, in order."""
        ...

    async def clear_away(self, now: str) -> None:
        """Remove what is past its `until`, of every room."""
        ...

    async def count(self, meeting_id: str, recipient: str | None, now: str) -> int:
        """Return how many messages there are for a participant alone, or for everyone."""
        ...
