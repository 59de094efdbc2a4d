"""Who is connected."""

import msgspec

from quadrangle.meetings.model import MeetingRole


class Connection(msgspec.Struct, frozen=True):
    """One person's connection to their desktop or to the room.

    `kind` is "desktop" or "room". `ended_at` None: it is open, last known so at `seen_at`.
    """

    connection_id: str
    meeting_id: str
    role: MeetingRole
    kind: str
    begun_at: str
    seen_at: str
    ended_at: str | None = None
