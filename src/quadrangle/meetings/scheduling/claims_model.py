"""What meetings take of people and of room, and what is said where that is taken."""

import msgspec

from quadrangle.kernel.errors import Conflict


class HourTaken(Conflict):
    """This hour is taken already. Please choose another one."""


class NoRoomThen(Conflict):
    """There is no room for another meeting at that time."""


class HourClaim(msgspec.Struct, frozen=True):
    """An hour of a teacher that a meeting takes; `ends_at` is exclusive.

    An `exclusive` one is refused where it overlaps an hour that another meeting of the teacher's
    has taken, exclusively or not.
    """

    teacher_id: str
    begins_at: str
    ends_at: str
    exclusive: bool = True


class RoomLimit(msgspec.Struct, frozen=True):
    """How many meetings can have their desktops at once, each from `lead_s` seconds before it
    begins; `sentence` says so to whoever asks for one more."""

    meetings: int
    lead_s: float
    sentence: str
