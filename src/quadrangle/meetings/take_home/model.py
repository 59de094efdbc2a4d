"""What is kept of a student's folder Take home. Frozen values; instants are texts."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.materials.model import Sheet


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


class TakeHome(Sheet, frozen=True):
    """All of it for one meeting. `is_partial`: the folder of one of several desktops was lost.

    `until` is when it is removed.
    """

    state: TakeHomeState = TakeHomeState.NONE
    bundles: tuple[Bundle, ...] = ()
    is_partial: bool = False
    packed_at: str | None = None
    until: str | None = None
