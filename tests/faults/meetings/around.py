"""What lies around meetings, on the same ground and cloud, with homes and cameras of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from quadrangle.hosts.one_machine.meetings.materials import sheets_of
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.machine.files import DirectoryFiles
from quadrangle.machine.large_files import DirectoryLargeFiles
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import LaunchRefused
from quadrangle.meetings.handouts.model import HandoutLimits
from quadrangle.meetings.joining.seats import Seats, View
from quadrangle.meetings.materials.service import (
    MaterialsBackground,
    MaterialsParts,
    MaterialsService,
    Sheets,
)
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.recording.limit_rules import RecordingLimits
from quadrangle.portable.tokens.meeting_keys import HmacDownloadKeys
from quadrangle.sql.meetings.reminder_choices import SqlReminderChoices
from quadrangle.sql.meetings.room import SqlRoomStore
from tests.faults.meetings.cloud import Cloud
from tests.faults.meetings.ground import SqlGround, Stumbling, StumblingJobs
from tests.faults.meetings.world import World

LIMITS = HandoutLimits(most=3, size=100)
RECORDING_LIMITS = RecordingLimits(timedelta(minutes=10), 1024 * 1024)


@dataclass
class Homes:
    """Implements DesktopFiles: a home is there from when its machine is made until forgotten."""

    cloud: Cloud
    put: dict[tuple[str, str], bytes] = field(default_factory=dict)
    zips: dict[str, bytes] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)

    async def put_file(self, machine_id: str, name: str, content: bytes) -> None:
        self.cloud.step()
        if machine_id not in {real.machine_id for real in self.cloud.living()}:
            raise NotFound("There is no such desktop.")
        if machine_id in self.full:
            raise Conflict("The folder Files of this desktop was made something else.")
        self.put.setdefault((machine_id, name), content)
        self.cloud.step()

    async def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        if machine_id not in self._kept():
            raise NotFound("The files of this desktop are not kept any more.")
        self.cloud.step()
        content = self.zips.get(machine_id, b"")
        for piece in (content[:3], content[3:]):
            if piece:
                yield piece
        if machine_id in self.broken:
            raise Unavailable

    async def list_kept(self) -> list[Machine]:
        living = {real.machine_id for real in self.cloud.living()}
        known = [self.cloud._known(each) for each in self._kept() if each not in living]
        return [machine for machine in known if machine]

    async def forget(self, machine_id: str) -> None:
        self.cloud.step()
        if machine_id not in self.forgotten:
            self.forgotten.append(machine_id)
        self.cloud.step()

    def _kept(self) -> list[str]:
        return [each for each in self.cloud.real if each not in {*self.forgotten, *self.lost}]


@dataclass
class Camera:
    """Implements Recordings: what it films is a byte for each time it is looked at."""

    cloud: Cloud
    films: dict[tuple[str, str], int] = field(default_factory=dict)
    running: set[tuple[str, str]] = field(default_factory=set)
    refuses: str = ""
    away: bool = False
    until: datetime | None = None

    async def start(self, machine_id: str, recording_id: str, until: datetime) -> None:
        self.cloud.step()
        self._ask()
        if self.refuses:
            raise LaunchRefused(self.refuses)
        film = machine_id, recording_id
        if film in self.running:
            return
        if film in self.films:
            raise Conflict("This recording is over.")
        if not self._lives(machine_id):
            raise NotFound("There is no such desktop.")
        self.running.add(film)
        self.films[film] = 1
        self.until = until
        self.cloud.step()

    async def is_running(self, machine_id: str, recording_id: str) -> bool:
        self._ask()
        film = self._film(machine_id, recording_id)
        if not self._lives(machine_id):
            self.running.discard(film)
        return film in self.running

    async def stop(self, machine_id: str, recording_id: str) -> None:
        self.cloud.step()
        self._ask()
        self.running.discard(self._film(machine_id, recording_id))
        self.cloud.step()

    async def size(self, machine_id: str, recording_id: str) -> int:
        self._ask()
        return self.films[self._film(machine_id, recording_id)]

    async def content(self, machine_id: str, recording_id: str) -> AsyncIterator[bytes]:
        yield b"x" * self.films[self._film(machine_id, recording_id)]

    async def discard(self, machine_id: str, recording_id: str) -> None:
        self.cloud.step()
        self._ask()
        self.running.discard((machine_id, recording_id))
        self.films.pop((machine_id, recording_id), None)
        self.cloud.step()

    def _film(self, machine_id: str, recording_id: str) -> tuple[str, str]:
        if (machine_id, recording_id) not in self.films:
            raise NotFound("There is no such recording.")
        return machine_id, recording_id

    def _lives(self, machine_id: str) -> bool:
        return machine_id in {real.machine_id for real in self.cloud.living()}

    def _ask(self) -> None:
        if self.away:
            raise Unavailable


class Around:
    """Every verb of what lies around the meetings of a world."""

    def __init__(self, world: World, folder: Path) -> None:
        ground, cloud = world.ground, world.cloud
        assert isinstance(ground, SqlGround)
        self.world = world
        self.homes, self.camera = Homes(cloud), Camera(cloud)
        self.files = DirectoryFiles(folder / "files")
        self.large = DirectoryLargeFiles(folder / "files")
        sheets = sheets_of(ground.database)
        self.sheets = Sheets(
            **{
                name: Stumbling(getattr(sheets, name), cloud.step)
                for name in ("handouts", "take_home", "recordings", "notes")
            }
        )
        parts = MaterialsParts(
            meetings=ground.store,
            sheets=self.sheets,
            presence=ground.presence,
            room=SqlRoomStore(ground.database),
            files=self.files,
            large_files=self.large,
            homes=self.homes,
            camera=self.camera,
            choices=SqlReminderChoices(ground.database),
            jobs=StumblingJobs(ground.jobs, cloud.step),
            clock=world.clock,
            policy=world.policy,
            people=world.people,
            limits=LIMITS,
            recording_limits=RECORDING_LIMITS,
        )
        self.background = MaterialsBackground(parts)
        seats = Seats(ground.store, world.links, world.clock, world.policy)
        self.service = MaterialsService(parts, seats, HmacDownloadKeys(b"k" * 32))
        handlers = {**world.handlers, **self.background.handlers()}
        ground.register([*world.reactions, *self.background.reactions()], handlers)

    async def view(self, meeting: Meeting, side: MeetingRole | None) -> View:
        return View(await self.world.get(meeting), side)

    async def kinds(self, meeting: Meeting) -> list[str]:
        changes = await self.world.ground.changes()
        return [change.kind for change in changes if change.subject == meeting.meeting_id]
