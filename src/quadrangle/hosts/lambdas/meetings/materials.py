"""What lies around meetings on AWS: sheets beside the meetings, files in the bucket of desktops.

Nothing is filmed there: desktops are machines elsewhere, whose pictures the installation never has.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.base.files import S3Files
from quadrangle.aws.base.large_files import S3LargeFiles
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.meetings.kept_files import S3Arrivals, S3Links
from quadrangle.aws.meetings.presence import DynamoPresenceStore
from quadrangle.aws.meetings.prompt_jobs import NamelessJobs
from quadrangle.aws.meetings.reminder_choices import DynamoReminderChoices
from quadrangle.aws.meetings.room import DynamoRoomStore
from quadrangle.aws.meetings.sheets import sheets_of
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.stores import (
    desktop_adapters,
    download_keys,
    meeting_people,
    meeting_store,
    policy_later,
    standing_of,
)
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.errors import NotFound, Unavailable
from quadrangle.kernel.jobs import Handler, Job, RetryLater
from quadrangle.kernel.lazily import lazily
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import DesktopFiles, LaunchRefused
from quadrangle.meetings.handouts.delivering import Delivering
from quadrangle.meetings.handouts.model import HandoutLimits
from quadrangle.meetings.joining.seats import Seats
from quadrangle.meetings.materials.service import MaterialsParts, MaterialsService
from quadrangle.meetings.recording.limit_rules import RecordingLimits
from quadrangle.meetings.take_home.carrying import Carrying
from quadrangle.meetings.take_home.packing import KEEP_HOUSE, PACK, Packing

T = TypeVar("T")
NONE = "This installation has no desktops."
NOT_FILMED = "Desktops are not recorded here."


class NoHomes:
    """Implements DesktopFiles where there are no desktops."""

    async def put_file(self, machine_id: str, name: str, content: bytes) -> None:
        raise NotFound(NONE)

    async def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        raise NotFound(NONE)
        yield b""

    async def list_kept(self) -> list[Machine]:
        return []

    async def forget(self, machine_id: str) -> None:
        return


class NoCamera:
    """Implements Recordings where nothing is filmed."""

    async def start(self, machine_id: str, recording_id: str, until: datetime) -> None:
        raise LaunchRefused(NOT_FILMED)

    async def is_running(self, machine_id: str, recording_id: str) -> bool:
        return False

    async def stop(self, machine_id: str, recording_id: str) -> None:
        raise NotFound(NOT_FILMED)

    async def size(self, machine_id: str, recording_id: str) -> int:
        raise NotFound(NOT_FILMED)

    async def content(self, machine_id: str, recording_id: str) -> AsyncIterator[bytes]:
        raise NotFound(NOT_FILMED)
        yield b""

    async def discard(self, machine_id: str, recording_id: str) -> None:
        return


def materials_of(parts: FunctionParts, seats: Seats) -> MaterialsService:
    """Return what people do with them, for the function that answers requests."""
    return MaterialsService(_parts(parts), seats, download_keys(parts))


class MaterialsWork:
    """What goes on beside requests, which one function works off. Reaches nothing when made."""

    def __init__(self, parts: FunctionParts) -> None:
        p = _parts(parts)
        self._delivering = Delivering(
            p.meetings, p.sheets.handouts, p.files, p.homes, p.jobs, p.clock
        )
        due = (self._delivering.clear_due,)
        self._packing = Packing(
            p.meetings, p.sheets.take_home, p.homes, p.large_files, p.jobs, p.clock, due
        )
        self._carrying = Carrying(p.meetings, p.homes, p.jobs)

    def reactions(self) -> list[Reaction]:
        found = (self._packing, self._carrying, self._delivering)
        return [reaction for each in found for reaction in each.reactions()]

    def handlers(self) -> Mapping[str, Handler]:
        """Return what runs the jobs that are no reactions. A rule asks for house-keeping."""
        return {
            **self._packing.handlers(),
            **self._carrying.handlers(),
            **self._delivering.handlers(),
            PACK: self._pack,
            KEEP_HOUSE: self._keep_house,
        }

    async def _pack(self, job: Job) -> None:
        """Pack, unless a desktop still ends: the change that it has ended asks again.

        Asking oneself again every few seconds would be taken for a loop by AWS, and be broken off.
        """
        with contextlib.suppress(RetryLater):
            await self._packing.pack(job)

    async def _keep_house(self, job: Job) -> None:
        await self._packing.keep_house_once()


def _parts(parts: FunctionParts) -> MaterialsParts:
    adapters, given = desktop_adapters(parts), (parts.dynamo, parts.tables)

    def in_bucket(make: Callable[[object, str], T]) -> T:
        def made() -> T:
            if adapters is None:
                raise Unavailable(NONE)
            return make(client_later("s3"), adapters.bucket)

        return lazily(made)

    def homes() -> DesktopFiles:
        return NoHomes() if adapters is None else adapters.files

    return MaterialsParts(
        meetings=meeting_store(parts),
        sheets=sheets_of(*given),
        presence=DynamoPresenceStore(*given),
        room=DynamoRoomStore(*given),
        files=in_bucket(S3Files),
        large_files=in_bucket(S3LargeFiles),
        homes=lazily(homes),
        camera=NoCamera(),
        choices=DynamoReminderChoices(*given),
        jobs=NamelessJobs(aws_jobs(parts, Queues(client_later("sqs")))),
        clock=parts.clock,
        policy=policy_later(standing_of(parts)),
        people=lazily(lambda: meeting_people(parts)),
        limits=HandoutLimits() if adapters else HandoutLimits(most=0),
        recording_limits=RecordingLimits(),
        arrivals=in_bucket(S3Arrivals),
        links=in_bucket(S3Links),
    )
