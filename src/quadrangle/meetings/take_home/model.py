"""What is kept of the folders Take home of both sides. Frozen values; instants are texts."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.materials.model import Sheet
from quadrangle.meetings.model import MeetingRole


class TakeHomeState(StrEnum):
    """Whether there is something to fetch."""

    NONE = "none"  # the meeting is not over, nobody joined it, or it is being packed
    READY = "ready"
    EMPTY = "empty"  # nothing lay in the folder
    LOST = "lost"  # the folder could not be read any more
    REMOVED = "removed"  # its time is over


class Bundle(msgspec.Struct, frozen=True):
    """A zip of one desktop's folder, of `size` bytes. Higher generations are later desktops."""

    generation: int
    key: str
    size: int
    role: MeetingRole = MeetingRole.STUDENT

    @property
    def name(self) -> str:
        """Return what it is asked for by: the number of a student's desktop, `teacher-1`, ..."""
        number = str(self.generation)
        return number if self.role is MeetingRole.STUDENT else f"{self.role}-{number}"


class Unread(msgspec.Struct, frozen=True):
    """A home that could not be read, and why. It is kept as long as what was read."""

    machine_id: str
    role: MeetingRole
    generation: int
    reason: str


class TakeHome(Sheet, frozen=True):
    """All of it for one meeting. `partial` are the sides of which some is missing: a file did not
    fit, or the folder of a desktop was lost.

    `until` is when it is removed.
    """

    state: TakeHomeState = TakeHomeState.NONE
    bundles: tuple[Bundle, ...] = ()
    partial: tuple[MeetingRole, ...] = ()
    unread: tuple[Unread, ...] = ()
    packed_at: str | None = None
    until: str | None = None

    @property
    def is_partial(self) -> bool:
        return bool(self.partial)
