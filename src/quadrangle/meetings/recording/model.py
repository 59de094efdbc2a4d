"""Recordings of the desktops of a meeting. Frozen values; instants are texts."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.materials.model import Sheet
from quadrangle.meetings.model import MeetingRole


class RecordingState(StrEnum):
    """Nothing is filmed before STARTING, which both have agreed to."""

    ASKED = "asked"  # one side wants it; the other has not answered
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    REFUSED = "refused"  # or taken back before the other had answered
    FAILED = "failed"  # nothing was filmed; `reason` says why
    READY = "ready"  # over; the film is kept
    REMOVING = "removing"
    REMOVED = "removed"


# One at a time in a meeting.
ACTIVE = frozenset(
    {
        RecordingState.ASKED,
        RecordingState.STARTING,
        RecordingState.RUNNING,
        RecordingState.STOPPING,
    }
)
# Something is to be done with the machine.
UNSETTLED = frozenset(
    {
        RecordingState.STARTING,
        RecordingState.RUNNING,
        RecordingState.STOPPING,
        RecordingState.REMOVING,
    }
)


class RecordingAction(StrEnum):
    """What one of the two can do about it."""

    ASK = "ask"
    AGREE = "agree"
    REFUSE = "refuse"
    STOP = "stop"  # whoever stops it withdraws what they agreed to


# By these a side agrees to be recorded.
AGREES = frozenset({RecordingAction.ASK, RecordingAction.AGREE})


class Agreement(msgspec.Struct, frozen=True):
    """A side agreed at that instant."""

    role: MeetingRole
    at: str


class Recording(msgspec.Struct, frozen=True):
    """One recording of the desktop of a side, which `machine_id` is once both agreed.

    `size` is in bytes once it is ready. `ended_by` is the side that stopped it, None where it ended
    with the meeting or by itself; `reason` is a sentence on what went wrong.
    """

    recording_id: str
    desktop: MeetingRole
    asked_by: MeetingRole
    asked_at: str
    state: RecordingState = RecordingState.ASKED
    agreed: tuple[Agreement, ...] = ()
    machine_id: str | None = None
    begun_at: str | None = None
    ended_at: str | None = None
    ended_by: MeetingRole | None = None
    reason: str | None = None
    size: int = 0


class Recordings(Sheet, frozen=True):
    """All of a meeting's, in the order they were asked for."""

    recordings: tuple[Recording, ...] = ()

    @property
    def active(self) -> Recording | None:
        """Return the one that is asked for or goes on."""
        return next((each for each in self.recordings if each.state in ACTIVE), None)
