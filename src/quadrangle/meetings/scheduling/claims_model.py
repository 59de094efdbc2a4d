"""What meetings take of people and of room, and what is said where that is taken."""

import msgspec

from quadrangle.kernel.errors import Conflict


class HourTaken(Conflict):
    """This hour is taken already. Please choose another one."""


MOST_AT_ONCE = 3  # meetings of one teacher: nobody takes all the room there is
TOO_MANY = f"This teacher has {MOST_AT_ONCE} meetings at that time already."


class NoRoomThen(Conflict):
    """There is no room for another meeting at that time."""


class HourClaim(msgspec.Struct, frozen=True):
    """An hour of a teacher that a meeting takes; `ends_at` is exclusive.

    An `exclusive` one is refused where it overlaps an hour that another meeting of the teacher's
    has taken, exclusively or not; any where it overlaps MOST_AT_ONCE of them.
    """

    teacher_id: str
    begins_at: str
    ends_at: str
    exclusive: bool = True

    def require_beside(self, others: int) -> None:
        """Raise HourTaken unless it may be beside so many that it overlaps."""
        if self.exclusive and others:
            raise HourTaken()
        if others >= MOST_AT_ONCE:
            raise HourTaken(TOO_MANY)


class RoomLimit(msgspec.Struct, frozen=True):
    """How many meetings can have their desktops at once, each from `lead_s` seconds before it
    begins; `sentence` says so to whoever asks for one more."""

    meetings: int
    lead_s: float
    sentence: str
