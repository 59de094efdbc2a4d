"""What people take home: nothing is lost and nothing doubled, wherever it breaks off."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.errors import Gone, NotFound
from quadrangle.kernel.jobs import Job
from quadrangle.meetings.desktops.ports import LEFT_OUT
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.take_home import rules
from quadrangle.meetings.take_home.model import TakeHome, TakeHomeState
from quadrangle.meetings.take_home.packing import PACK
from tests.faults.meetings.around import Around
from tests.faults.meetings.cloud import Crash
from tests.faults.meetings.hours import in_progress
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
READY = "meeting.files-ready"
WEEK = timedelta(days=7)


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


async def work(around: Around) -> None:
    await around.world.pass_time(timedelta(seconds=30), timedelta(seconds=5))


async def ended(around: Around, *zips: bytes) -> Meeting:
    """Have a meeting that ends, with these zips in the student's homes, oldest first."""
    world = around.world
    meeting = await in_progress(world)
    for number, zipped in enumerate(zips):
        if number:
            world.cloud.kill((await world.desktop(meeting, STUDENT)).machine_id or "")
            await world.pass_time(timedelta(minutes=2))
            assert (await world.get(meeting)).status is Status.IN_PROGRESS
        machine_id = (await world.desktop(meeting, STUDENT)).machine_id
        assert machine_id
        around.homes.zips[machine_id] = zipped
    await world.scheduling.end(meeting.meeting_id, CALLER)
    return meeting


async def sheet_of(around: Around, meeting: Meeting) -> TakeHome:
    return await around.service.fetching.show(meeting.meeting_id)


async def fetched(around: Around, meeting: Meeting, generation: int) -> bytes:
    return await named(around, meeting, str(generation))


async def named(around: Around, meeting: Meeting, name: str) -> bytes:
    bundle = await around.service.fetching.find(meeting.meeting_id, name)
    pieces = await around.service.fetching.content(bundle.key)
    return b"".join([piece async for piece in pieces])


async def test_what_lay_in_the_folder_is_fetched_for_seven_days(around: Around):
    meeting = await ended(around, b"a zip of home")
    assert (await sheet_of(around, meeting)).state is TakeHomeState.NONE
    await work(around)
    sheet = await sheet_of(around, meeting)
    assert (sheet.state, sheet.is_partial) == (TakeHomeState.READY, False)
    assert await fetched(around, meeting, 1) == b"a zip of home"
    assert (await around.kinds(meeting)).count(READY) == 1
    assert set(around.homes.forgotten) == set(around.world.cloud.real)

    around.world.clock.advance(WEEK - timedelta(minutes=2))
    await around.background.packing.keep_house_once()
    assert await fetched(around, meeting, 1) == b"a zip of home"
    around.world.clock.advance(timedelta(minutes=2))
    with pytest.raises(Gone):
        await fetched(around, meeting, 1)
    await around.background.packing.keep_house_once()
    assert (await sheet_of(around, meeting)).state is TakeHomeState.REMOVED
    with pytest.raises(Gone):
        await fetched(around, meeting, 1)
    assert "meeting.files-removed" in await around.kinds(meeting)


async def test_an_empty_folder_is_said_to_be_so(around: Around):
    meeting = await ended(around, b"")
    await work(around)
    sheet = await sheet_of(around, meeting)
    assert (sheet.state, sheet.bundles, sheet.until) == (TakeHomeState.EMPTY, (), None)
    assert READY not in await around.kinds(meeting)
    with pytest.raises(NotFound):
        await fetched(around, meeting, 1)


@pytest.mark.parametrize("how", ["lost", "broken"])
async def test_a_home_that_cannot_be_read_is_said_to_be_lost(around: Around, how: str):
    meeting = await ended(around, b"a zip of home")
    desktop = await around.world.desktop(meeting, STUDENT)
    getattr(around.homes, how).add(desktop.machine_id)
    await around.world.pass_time(timedelta(minutes=2), timedelta(seconds=5))
    sheet = await sheet_of(around, meeting)
    assert (sheet.state, sheet.bundles) == (TakeHomeState.LOST, ())
    assert READY not in await around.kinds(meeting)


async def test_what_a_lost_desktop_had_is_on_the_next_one_and_taken_home(around: Around):
    meeting = await ended(around, b"the first", b"the second")
    second = await around.world.desktop(meeting, STUDENT)
    carried = around.homes.put[second.machine_id or "", "Take home of desktop 1.zip"]
    assert carried == b"the first"
    await work(around)
    assert await fetched(around, meeting, 1) == b"the first"
    assert await fetched(around, meeting, 2) == b"the second"
    assert (await around.kinds(meeting)).count(READY) == 1


async def test_the_loss_of_one_of_two_is_told_with_the_other(around: Around):
    meeting = await ended(around, b"the first", b"the second")
    second = await around.world.desktop(meeting, STUDENT)
    around.homes.lost.add(second.machine_id or "")
    await work(around)
    sheet = await sheet_of(around, meeting)
    assert (sheet.state, sheet.is_partial) == (TakeHomeState.READY, True)
    assert [bundle.generation for bundle in sheet.bundles] == [1]


async def test_homes_of_a_meeting_that_nobody_joined_are_forgotten(around: Around):
    meeting = await around.world.schedule(0)
    await around.world.until(meeting, minutes=20)
    assert (await around.world.get(meeting)).status is Status.EXPIRED
    assert len(around.homes.forgotten) == 2
    assert (await sheet_of(around, meeting)).state is TakeHomeState.NONE


async def test_homes_that_are_nobodys_are_forgotten(around: Around):
    stray = around.world.cloud.stray("00000000-0000-4000-8000-000000000000")
    around.world.cloud.kill(stray)
    await around.background.packing.keep_house_once()
    await around.world.ground.work()
    assert around.homes.forgotten == [stray]


async def test_a_job_that_was_lost_is_made_up_for_when_the_desktops_have_ended(around: Around):
    meeting = await ended(around, b"a zip of home")
    await around.world.pass_time(timedelta(seconds=1), timedelta(seconds=1))
    await around.world.ground.drop(f"pack-{meeting.meeting_id}")
    assert (await sheet_of(around, meeting)).state is TakeHomeState.NONE
    await work(around)
    assert await fetched(around, meeting, 1) == b"a zip of home"


@pytest.mark.parametrize("steps", range(1, 10))
async def test_a_crash_loses_nothing_and_doubles_nothing(around: Around, steps: int):
    meeting = await ended(around, b"the first", b"the second")
    await around.world.pass_time(timedelta(seconds=4), timedelta(seconds=2))
    around.world.cloud.crash_in = steps
    job = Job("j", PACK, {"meeting_id": meeting.meeting_id}, 1, around.world.clock.now())
    with suppress(Crash):
        await around.background.packing.pack(job)
    around.world.cloud.heal()
    await around.background.packing.keep_house_once()
    await work(around)
    await around.background.packing.pack(job)
    assert await fetched(around, meeting, 1) == b"the first"
    assert await fetched(around, meeting, 2) == b"the second"
    assert (await around.kinds(meeting)).count(READY) == 1
    assert set(around.homes.forgotten) == set(around.world.cloud.real)


async def test_what_a_teacher_takes_home_is_the_teachers_alone(around: Around):
    meeting = await ended(around, b"")
    desktop = await around.world.desktop(meeting, TEACHER)
    around.homes.zips[desktop.machine_id or ""] = b"of the teacher"
    await work(around)
    sheet = await sheet_of(around, meeting)
    assert sheet.state is TakeHomeState.READY
    assert await named(around, meeting, "teacher-1") == b"of the teacher"
    assert rules.seen_by(sheet, STUDENT).state is TakeHomeState.EMPTY
    for name in ("1", "teacher-1"):
        with pytest.raises(NotFound):
            await around.service.fetching.find(meeting.meeting_id, name, STUDENT)
    told = [each for each in await around.world.ground.changes() if each.kind == READY]
    assert [each.data["roles"] for each in told] == [[TEACHER]]


async def test_what_a_student_takes_home_is_for_both(around: Around):
    meeting = await ended(around, b"a zip of home")
    await work(around)
    for side in (TEACHER, STUDENT):
        bundle = await around.service.fetching.find(meeting.meeting_id, "1", side)
        assert bundle.size == len(b"a zip of home")
    told = [each for each in await around.world.ground.changes() if each.kind == READY]
    assert [each.data["roles"] for each in told] == [[TEACHER, STUDENT]]


async def test_a_home_that_cannot_be_read_is_kept_for_a_week(around: Around):
    meeting = await ended(around, b"a zip of home")
    machine_id = (await around.world.desktop(meeting, STUDENT)).machine_id or ""
    around.homes.broken.add(machine_id)
    await around.world.pass_time(timedelta(minutes=2), timedelta(seconds=5))
    await around.background.packing.keep_house_once()
    await work(around)
    (unread,) = (await sheet_of(around, meeting)).unread
    assert (unread.machine_id, unread.role, bool(unread.reason)) == (machine_id, STUDENT, True)
    assert machine_id not in around.homes.forgotten
    around.world.clock.advance(WEEK)
    await around.background.packing.keep_house_once()
    assert machine_id in around.homes.forgotten
    assert (await sheet_of(around, meeting)).unread == ()


async def test_a_zip_that_says_it_lacks_something_is_partial(around: Around):
    meeting = await ended(around, b"a zip of home" + LEFT_OUT)
    await work(around)
    sheet = await sheet_of(around, meeting)
    assert (sheet.state, sheet.partial) == (TakeHomeState.READY, (STUDENT,))
