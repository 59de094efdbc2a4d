"""What is taken home and what was handed out go after seven days: refused at once, their objects
deleted by the next house-keeping, on DynamoDB and S3."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.files import S3Files
from quadrangle.aws.base.large_files import S3LargeFiles
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.sheets import sheets_of
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job, NewJob
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.handouts.delivering import CLEAR, Delivering
from quadrangle.meetings.handouts.handing_out import HandingOut, key_of
from quadrangle.meetings.handouts.model import HandoutLimits
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.take_home.fetching import Fetching
from quadrangle.meetings.take_home.packing import PACK, Packing
from tests.rules.meetings.made import NOW, meeting
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

SEVEN_DAYS = timedelta(days=7)
MINUTE = timedelta(minutes=1)


class OneMeeting:
    """Implements what is asked of MeetingStore here, for one meeting."""

    def __init__(self, known: Meeting) -> None:
        self.known = known

    async def get(self, meeting_id: str) -> Meeting | None:
        return self.known if meeting_id == self.known.meeting_id else None


class OneHome:
    """Implements DesktopFiles for the student's machine."""

    def __init__(self, meeting_id: str) -> None:
        self.kept = [Machine("i-1", meeting_id, MeetingRole.STUDENT, 1, "token", MachineState.GONE)]

    async def list_kept(self) -> list[Machine]:
        return self.kept

    async def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        yield b"a zip"

    async def forget(self, machine_id: str) -> None:
        self.kept = []


async def pieces() -> AsyncIterator[bytes]:
    yield b"ab"
    yield b"c"


class NoJobs:
    async def put(self, *jobs: NewJob) -> None:
        return


class Shelf:
    """A meeting that has just ended, with a file handed out and one to take home."""

    def __init__(self, standin: StandIn, clock: ManualClock, over: Meeting) -> None:
        self.over, self.clock = over, clock
        self.s3, self.bucket = standin.client("s3"), f"desktops-{new_id()}"
        location = {"LocationConstraint": self.s3.meta.region_name}
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=location)
        dynamo = standin.client("dynamodb")
        tables = Tables(make_tables(dynamo, "Meetings", "Changes"))
        sheets = sheets_of(Dynamo(dynamo), tables)
        files = S3Files(self.s3, self.bucket)
        large = S3LargeFiles(self.s3, self.bucket)
        meetings: Any = OneMeeting(over)
        homes: Any = OneHome(over.meeting_id)
        jobs: Any = NoJobs()
        self.delivering = Delivering(meetings, sheets.handouts, files, homes, jobs, clock)
        due = (self.delivering.clear_due,)
        self.packing = Packing(meetings, sheets.take_home, homes, large, jobs, clock, due)
        self.fetching = Fetching(sheets.take_home, large, clock)
        self.handing_out = HandingOut(sheets.handouts, large, clock, HandoutLimits())

    def keys(self) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [each["Key"] for each in listed]

    async def end(self) -> str:
        """Hand a file out, end the meeting and pack; return the file's id."""
        handed = await self.handing_out.add(self.over, MeetingRole.TEACHER, "a.txt", pieces())
        payload = {"meeting_id": self.over.meeting_id}
        await self.packing.pack(job(PACK, payload))
        await self.delivering.clear(job(CLEAR, payload))
        return handed.files[0].file_id


def job(function: str, payload: dict[str, str]) -> Job:
    return Job(job_id="1", function=function, payload=payload, attempt=1, run_at=NOW)


@pytest.fixture
def shelf(standin: StandIn, clock: ManualClock, tmp_path: Path) -> Shelf:
    at = to_text(clock.now())
    over = msgspec.structs.replace(
        meeting(), status=Status.ENDED, joined_at=at, ended_at=at, desktops=()
    )
    return Shelf(standin, clock, over)


async def test_both_are_there_for_seven_days_and_gone_then(shelf: Shelf):
    file_id = await shelf.end()
    meeting_id = shelf.over.meeting_id
    zipped, handed = f"take-home/{meeting_id}/i-1.zip", key_of(meeting_id, file_id)
    assert shelf.keys() == sorted([handed, zipped])

    shelf.clock.advance(SEVEN_DAYS - MINUTE)
    await shelf.packing.keep_house_once()
    bundle = await shelf.fetching.find(meeting_id, "1")
    pieces = await shelf.fetching.content(bundle.key)
    assert b"".join([piece async for piece in pieces]) == b"a zip"
    assert (await shelf.handing_out.find(meeting_id, file_id)).name == "a.txt"

    shelf.clock.advance(MINUTE)  # refused from that moment on, whenever house is kept
    with pytest.raises(Gone, match="seven days"):
        await shelf.fetching.find(meeting_id, "1")
    with pytest.raises(Gone, match="seven days"):
        await shelf.handing_out.find(meeting_id, file_id)
    assert (await shelf.handing_out.show(shelf.over)).files == ()
    assert len(shelf.keys()) == 2

    for _ in range(2):  # a queue may bring it twice
        await shelf.packing.keep_house_once()
    assert shelf.keys() == []
    for key in (zipped, handed):
        with pytest.raises(ClientError, match="404"):
            shelf.s3.head_object(Bucket=shelf.bucket, Key=key)
    with pytest.raises(Gone):
        await shelf.fetching.find(meeting_id, "1")
