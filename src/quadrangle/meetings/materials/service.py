"""What lies around a meeting: files handed out and taken home, recordings, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from quadrangle.kernel.change import Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.files import Files, LargeFiles
from quadrangle.kernel.jobs import Handler, Jobs, NewJob
from quadrangle.meetings.calendar.choosing import Choosing
from quadrangle.meetings.calendar.ports import ReminderChoices
from quadrangle.meetings.desktops.ports import DesktopFiles
from quadrangle.meetings.desktops.ports import Recordings as Camera
from quadrangle.meetings.handouts.delivering import Delivering
from quadrangle.meetings.handouts.handing_out import HandingOut
from quadrangle.meetings.handouts.model import HandoutLimits, Handouts
from quadrangle.meetings.handouts.ports import Arrivals
from quadrangle.meetings.joining.seats import Seats
from quadrangle.meetings.materials.downloads import Downloads
from quadrangle.meetings.materials.ports import Links
from quadrangle.meetings.materials.sheets import SheetStore
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.outcome.outcomes import Outcomes
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import DownloadKeys, MeetingStore, People, PresenceStore
from quadrangle.meetings.recording.directing import Directing
from quadrangle.meetings.recording.filming import FILM_SWEEP, Filming
from quadrangle.meetings.recording.leaving import Leaving
from quadrangle.meetings.recording.limit_rules import RecordingLimits
from quadrangle.meetings.recording.model import Recordings
from quadrangle.meetings.room.kept_chat import KeptChat
from quadrangle.meetings.room.ports import RoomStore
from quadrangle.meetings.take_home.carrying import Carrying
from quadrangle.meetings.take_home.fetching import Fetching
from quadrangle.meetings.take_home.model import TakeHome
from quadrangle.meetings.take_home.packing import KEEP_HOUSE, Packing


@dataclass(frozen=True)
class Sheets:
    """What is kept beside meetings, by kind."""

    handouts: SheetStore[Handouts]
    take_home: SheetStore[TakeHome]
    recordings: SheetStore[Recordings]
    notes: SheetStore[Note]


@dataclass(frozen=True)
class MaterialsParts:
    """What both of the following are put together from."""

    meetings: MeetingStore
    sheets: Sheets
    presence: PresenceStore
    room: RoomStore
    files: Files
    large_files: LargeFiles
    homes: DesktopFiles
    camera: Camera
    choices: ReminderChoices
    jobs: Jobs
    clock: Clock
    policy: MeetingPolicy
    people: People
    limits: HandoutLimits
    recording_limits: RecordingLimits
    arrivals: Arrivals | None = None  # where a call can take no whole file in,
    links: Links | None = None  # nor an answer hold one


def filming_of(p: MaterialsParts) -> Filming:
    """Return what films: in requests for what is to stop at once, else in jobs."""
    return Filming(
        p.meetings,
        p.sheets.recordings,
        p.camera,
        p.jobs,
        p.clock,
        p.recording_limits,
        p.policy,
        p.people,
    )


class MaterialsBackground:
    """What goes on beside requests. The host puts the first jobs of `begin`."""

    def __init__(self, parts: MaterialsParts) -> None:
        p, sheets = parts, parts.sheets
        self.delivering = Delivering(p.meetings, sheets.handouts, p.files, p.homes, p.jobs, p.clock)
        chat = KeptChat(p.room, p.clock)
        due = (self.delivering.clear_due, chat.clear_away)
        self.packing = Packing(
            p.meetings, sheets.take_home, p.homes, p.large_files, p.jobs, p.clock, due
        )
        self.carrying = Carrying(p.meetings, p.homes, p.jobs)
        self.filming = filming_of(p)
        self._leaving = Leaving(p.meetings, sheets.recordings, p.people, p.clock)
        self._all = (self.packing, self.carrying, self.delivering, self.filming)

    @staticmethod
    def begin() -> Sequence[NewJob]:
        """Return the jobs that look after everything from time to time, each for the next."""
        return [NewJob(name, {}, name=name) for name in (KEEP_HOUSE, FILM_SWEEP)]

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        found = (*self._all, self._leaving)
        return [reaction for each in found for reaction in each.reactions()]

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of jobs by function, for the host to register."""
        return {name: handle for each in self._all for name, handle in each.handlers().items()}


class MaterialsService:
    """Everything that people do with them."""

    injected_as: ClassVar[str] = "materials"

    def __init__(self, parts: MaterialsParts, seats: Seats, keys: DownloadKeys) -> None:
        p, sheets = parts, parts.sheets
        self.seats = seats
        self.handing_out = HandingOut(sheets.handouts, p.large_files, p.clock, p.limits, p.arrivals)
        self.fetching = Fetching(sheets.take_home, p.large_files, p.clock)
        self.directing = Directing(
            sheets.recordings, p.camera, filming_of(p).follow, p.people, p.clock
        )
        self.outcomes = Outcomes(
            sheets.notes, sheets.take_home, sheets.recordings, p.presence, p.clock, p.policy
        )
        self.chat = KeptChat(p.room, p.clock)
        self.choosing = Choosing(p.choices)
        self.downloads = Downloads(keys, p.clock, p.links)
