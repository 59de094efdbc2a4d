"""Watching and helping in a meeting. Frozen values; instants are texts as kernel.clock writes."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.model import MeetingRole


class Help(StrEnum):
    """How far it has come that the teacher has keyboard and mouse of the student's desktop."""

    NONE = "none"
    ASKED = "asked"  # the teacher asks; the student has not answered
    CALLED = "called"  # the student asks for help; the teacher may take them
    GIVEN = "given"  # the teacher has them


class Act(StrEnum):
    """What one of the two can do about it."""

    ASK = "ask"  # teacher: may I have keyboard and mouse?
    HAND_BACK = "hand-back"  # teacher: take them again; or I do not ask any more
    SHARE = "share"  # teacher: the student may see my desktop
    UNSHARE = "unshare"
    CALL = "call"  # student: please help me
    ALLOW = "allow"  # student: you may
    REFUSE = "refuse"  # student: not now
    TAKE_BACK = "take-back"  # student: mine again, whatever was before


class Viewer(msgspec.Struct, frozen=True):
    """A connection to the other side's desktop, last known to be open at `seen_at`."""

    connection_id: str
    role: MeetingRole
    since: str
    seen_at: str


class Control(msgspec.Struct, frozen=True):
    """All of it for one meeting. `version` grows with every write; 0 was never written.

    `shared`: the teacher's desktop is open to the student's eyes. `over`: the meeting has ended.
    """

    meeting_id: str
    help: Help = Help.NONE
    shared: bool = False
    viewers: tuple[Viewer, ...] = ()
    over: bool = False
    version: int = 0

    def watchers(self) -> tuple[MeetingRole, ...]:
        """Return the sides that see the other one's desktop, each once."""
        return tuple(role for role in MeetingRole if any(v.role is role for v in self.viewers))
