"""Who is connected."""

import msgspec

from quadrangle.meetings.model import MeetingRole

OWN_DESKTOP = "desktop"
OTHER_DESKTOP = "watch"  # the other side's, looking or helping
DESKTOPS = frozenset({OWN_DESKTOP, OTHER_DESKTOP})


class Connection(msgspec.Struct, frozen=True):
    """One person's connection to a desktop or to the room.

    `kind` is OWN_DESKTOP, OTHER_DESKTOP or "room". `ended_at` None: it is open, last known so
    at `seen_at`.
    """

    connection_id: str
    meeting_id: str
    role: MeetingRole
    kind: str
    begun_at: str
    seen_at: str
    ended_at: str | None = None
