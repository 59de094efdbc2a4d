"""Files a teacher hands out: on both desktops, whenever they come up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.errors import Conflict, Forbidden, Gone, InvalidInput, NotFound, TooLarge
from quadrangle.kernel.files import FileMissing
from quadrangle.meetings.handouts.handing_out import key_of
from quadrangle.meetings.handouts.model import Handouts
from quadrangle.meetings.model import Meeting, MeetingRole
from tests.faults.meetings.around import Around
from tests.faults.meetings.cloud import Crash
from tests.faults.meetings.hours import in_progress
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for piece in (content[:2], content[2:]):
        if piece:
            yield piece


async def add(around: Around, meeting: Meeting, name: str, content: bytes = b"x") -> Handouts:
    now = await around.world.get(meeting)
    return await around.service.handing_out.add(now, TEACHER, name, in_pieces(content))


async def remove(around: Around, meeting: Meeting, file_id: str) -> Handouts:
    now = await around.world.get(meeting)
    return await around.service.handing_out.remove(now, TEACHER, file_id)


async def shown(around: Around, meeting: Meeting) -> Handouts:
    return await around.service.handing_out.show(meeting)


async def on(around: Around, meeting: Meeting, role: MeetingRole) -> dict[str, bytes]:
    machine_id = (await around.world.desktop(meeting, role)).machine_id
    put = around.homes.put.items()
    return {name: content for (machine, name), content in put if machine == machine_id}


async def test_files_lie_on_both_desktops_once_they_are_up_and_on_later_ones(around: Around):
    world = around.world
    meeting = await world.schedule(60)
    await add(around, meeting, "Exercise 1.pdf", b"one")
    assert around.homes.put == {}
    await world.until(meeting, minutes=-8)
    for role in MeetingRole:
        assert await on(around, meeting, role) == {"Exercise 1.pdf": b"one"}
    for role in MeetingRole:
        await world.until(meeting, minutes=0)
        await world.join(meeting, role)
    await add(around, meeting, "Exercise 2.pdf", b"two")
    await world.ground.work()
    both = {"Exercise 1.pdf": b"one", "Exercise 2.pdf": b"two"}
    assert await on(around, meeting, STUDENT) == both
    world.cloud.kill((await world.desktop(meeting, STUDENT)).machine_id or "")
    await world.pass_time(timedelta(minutes=2))
    assert (await world.desktop(meeting, STUDENT)).generation == 2
    assert await on(around, meeting, STUDENT) == both


async def test_a_file_is_taken_back_until_it_lies_on_a_desktop(around: Around):
    meeting = await around.world.schedule(60)
    (first,) = (await add(around, meeting, "a.txt")).files
    assert (await remove(around, meeting, first.file_id)).files == ()
    with pytest.raises(FileMissing):
        await around.files.read(key_of(meeting.meeting_id, first.file_id))
    with pytest.raises(NotFound):
        await remove(around, meeting, first.file_id)
    (again,) = (await add(around, meeting, "a.txt")).files
    await around.world.until(meeting, minutes=-8)
    with pytest.raises(Conflict, match="lies on a desktop"):
        await remove(around, meeting, again.file_id)


async def test_bounds_and_names_are_kept(around: Around):
    meeting = await around.world.schedule(60)
    with pytest.raises(TooLarge):
        await add(around, meeting, "large.bin", b"x" * 101)
    for name in ("", "..", ".bashrc", "a\x07b", "x" * 201, "folder/"):
        with pytest.raises(InvalidInput):
            await add(around, meeting, name)
    with pytest.raises(InvalidInput):
        await add(around, meeting, "empty.txt", b"")
    sheet = await add(around, meeting, "C:\\homework\\Blatt  1.txt")
    assert [each.name for each in sheet.files] == ["Blatt 1.txt"]
    with pytest.raises(Conflict, match="of that name"):
        await add(around, meeting, "blatt 1.TXT")
    for name in ("b", "c"):
        await add(around, meeting, name)
    with pytest.raises(Conflict, match="3 files"):
        await add(around, meeting, "d")
    with pytest.raises(Forbidden):
        await around.service.handing_out.add(meeting, STUDENT, "mine", in_pieces(b"x"))


async def test_what_a_desktop_cannot_take_is_said_and_does_not_hold_the_rest_up(around: Around):
    meeting = await in_progress(around.world)
    student = (await around.world.desktop(meeting, STUDENT)).machine_id
    around.homes.full.add(student or "")
    await add(around, meeting, "a.txt")
    await around.world.ground.work()
    (handout,) = (await shown(around, meeting)).files
    problems = {placed.role: placed.problem for placed in handout.placed}
    assert problems[TEACHER] is None
    assert problems[STUDENT] == "The folder Files of this desktop was made something else."
    assert await on(around, meeting, TEACHER) == {"a.txt": b"x"}


async def test_what_somebody_deleted_on_their_desktop_is_not_put_there_again(around: Around):
    meeting = await in_progress(around.world)
    await add(around, meeting, "a.txt")
    await around.world.ground.work()
    around.homes.put.clear()
    await add(around, meeting, "b.txt")
    await around.world.ground.work()
    assert await on(around, meeting, STUDENT) == {"b.txt": b"x"}


@pytest.mark.parametrize("steps", range(1, 9))
async def test_a_crash_on_the_way_leaves_every_file_on_both(around: Around, steps: int):
    meeting = await in_progress(around.world)
    await add(around, meeting, "a.txt")
    around.world.cloud.crash_in = steps
    try:
        await around.world.ground.work()
    except BaseException as error:
        assert isinstance(error, Crash) or "Crash" in repr(error)
    around.world.cloud.heal()
    await around.world.pass_time(timedelta(minutes=3), timedelta(seconds=20))
    for role in MeetingRole:
        assert await on(around, meeting, role) == {"a.txt": b"x"}


async def test_files_are_kept_for_seven_days_and_then_deleted(around: Around):
    world = around.world
    meeting = await in_progress(world)
    (handout,) = (await add(around, meeting, "a.txt", b"abc")).files
    key = key_of(meeting.meeting_id, handout.file_id)
    await world.scheduling.end(meeting.meeting_id, CALLER)
    await world.ground.work()
    finding = around.service.handing_out
    assert await finding.find(meeting.meeting_id, handout.file_id)
    pieces = await around.service.fetching.content(key)
    assert b"".join([piece async for piece in pieces]) == b"abc"
    world.clock.advance(timedelta(days=7, minutes=-1))
    await around.background.packing.keep_house_once()
    assert (await shown(around, meeting)).files
    world.clock.advance(timedelta(minutes=2))
    with pytest.raises(Gone, match="seven days"):  # before anything swept it away
        await finding.find(meeting.meeting_id, handout.file_id)
    assert (await shown(around, meeting)).files == ()
    await around.background.packing.keep_house_once()
    with pytest.raises(FileMissing):
        await around.files.read(key)
    sheet = await around.sheets.handouts.get(meeting.meeting_id)
    assert (sheet.files, sheet.look_at) == ((), None)


async def test_files_of_a_meeting_that_nobody_joined_are_deleted_with_its_end(around: Around):
    meeting = await around.world.schedule(60)
    (handout,) = (await add(around, meeting, "a.txt")).files
    await around.world.scheduling.cancel(meeting.meeting_id, CALLER)
    await around.world.ground.work()
    assert (await shown(around, meeting)).files == ()
    with pytest.raises(FileMissing):
        await around.files.read(key_of(meeting.meeting_id, handout.file_id))
