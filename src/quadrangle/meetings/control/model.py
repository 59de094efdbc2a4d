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


class Action(StrEnum):
    """What one of the two can do about it."""

    WATCH = "watch"  # see the other one's desktop
    STOP_WATCHING = "stop-watching"
    ASK = "ask"  # teacher: may I have keyboard and mouse?
    HAND_BACK = "hand-back"  # teacher: take them again; or I do not ask any more
    OFFER = "offer"  # teacher: the student may see my desktop
    WITHDRAW = "withdraw"
    CALL = "call"  # student: please help me
    GRANT = "grant"  # student: you may
    REFUSE = "refuse"  # student: not now
    TAKE_BACK = "take-back"  # student: mine again, whatever was before


# By these somebody has another one see or use their own desktop.
LETS_IN = frozenset({Action.OFFER, Action.CALL, Action.GRANT})


class Look(msgspec.Struct, frozen=True):
    """A side sees the other one's desktop, or is about to."""

    role: MeetingRole
    since: str
    seen_at: str


class Viewer(msgspec.Struct, frozen=True):
    """A connection of a side that looks, last known to be open at `seen_at`."""

    connection_id: str
    role: MeetingRole
    seen_at: str


class Control(msgspec.Struct, frozen=True):
    """All of it for one meeting. `version` grows with every write; 0 was never written.

    `offered`: the teacher's desktop is open to the student's eyes. `over`: the meeting has ended.
    """

    meeting_id: str
    help: Help = Help.NONE
    offered: bool = False
    looks: tuple[Look, ...] = ()
    viewers: tuple[Viewer, ...] = ()
    over: bool = False
    version: int = 0

    @property
    def watching(self) -> tuple[MeetingRole, ...]:
        """The sides that look, of which the other one is told."""
        return tuple(look.role for look in self.looks)

    @property
    def hand(self) -> MeetingRole:
        """The side that has keyboard and mouse of the student's desktop."""
        return MeetingRole.TEACHER if self.help is Help.GIVEN else MeetingRole.STUDENT

    def is_connected(self, role: MeetingRole) -> bool:
        """Tell whether a side that looks is connected now."""
        return any(viewer.role is role for viewer in self.viewers)
