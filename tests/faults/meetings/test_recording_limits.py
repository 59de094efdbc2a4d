"""Recordings end by their limits as whole films, that are handed over, and say why."""

from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.recording.model import RecordingState
from tests.faults.meetings.around import RECORDING_LIMITS, Around
from tests.faults.meetings.test_recordings import (
    AGREE,
    ASK,
    STOP,
    STUDENT,
    TEACHER,
    act,
    last,
    running,
)
from tests.faults.meetings.world import World

TIME = "It had gone on for 10 minutes, as long as a recording can be."
SIZE = "It had come to 1 MB, as large as a recording can be."


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


async def handed_over(around: Around, meeting_id: str) -> list[str]:
    changes = await around.world.ground.changes()
    ready = [each for each in changes if each.kind == "meeting.recording-ready"]
    return [each.data["recordingId"] for each in ready if each.subject == meeting_id]


async def test_one_ends_after_the_longest_it_can_be(around: Around):
    meeting = await running(around)
    begun = from_text((await last(around, meeting)).begun_at or "")
    await around.world.pass_time(timedelta(minutes=9), timedelta(minutes=1))
    assert (await last(around, meeting)).state is RecordingState.RUNNING
    await around.world.pass_time(timedelta(minutes=2), timedelta(seconds=20))
    over = await last(around, meeting)
    assert (over.state, over.reason, over.ended_by) == (RecordingState.READY, TIME, None)
    assert from_text(over.ended_at or "") - begun < timedelta(minutes=11)
    assert around.camera.running == set()
    assert await handed_over(around, meeting.meeting_id) == [over.recording_id]
    assert not (await around.world.get(meeting)).is_over
    await act(around, meeting, TEACHER, ASK, STUDENT)  # and another one may begin
    await act(around, meeting, STUDENT, AGREE)


async def test_one_ends_when_it_is_as_large_as_it_can_be(around: Around):
    meeting = await running(around)
    for film in around.camera.films:
        around.camera.films[film] = RECORDING_LIMITS.largest
    await around.world.pass_time(timedelta(seconds=20), timedelta(seconds=5))
    over = await last(around, meeting)
    assert (over.state, over.reason) == (RecordingState.READY, SIZE)
    assert over.size == RECORDING_LIMITS.largest
    assert await handed_over(around, meeting.meeting_id) == [over.recording_id]


@pytest.mark.parametrize("by", ["time", "size"])
async def test_one_that_the_camera_ended_by_its_own_bound_says_so_too(around: Around, by: str):
    """As when nobody followed it for a while."""
    meeting = await running(around)
    around.camera.running.clear()
    if by == "size":
        around.camera.films = dict.fromkeys(around.camera.films, RECORDING_LIMITS.largest + 1)
        around.world.clock.advance(timedelta(minutes=1))
    else:
        around.world.clock.advance(timedelta(minutes=11))
    await around.background.filming.follow(meeting.meeting_id)
    over = await last(around, meeting)
    assert (over.state, over.reason) == (RecordingState.READY, SIZE if by == "size" else TIME)


async def test_none_outlasts_what_extensions_could_bring(around: Around):
    """The meeting's half an hour began before the recording's."""
    meeting = await running(around)
    last_end = from_text(meeting.begins) + timedelta(
        minutes=meeting.minutes + around.world.policy.max_extension_minutes
    )
    begun = from_text((await last(around, meeting)).begun_at or "")
    assert around.camera.until is not None
    assert to_text(around.camera.until) == to_text(min(begun + RECORDING_LIMITS.longest, last_end))


async def test_who_stopped_it_first_is_told_rather_than_a_limit(around: Around):
    meeting = await running(around)
    around.camera.films = dict.fromkeys(around.camera.films, RECORDING_LIMITS.largest)
    await act(around, meeting, STUDENT, STOP)
    over = await last(around, meeting)
    assert (over.state, over.ended_by, over.reason) == (RecordingState.READY, STUDENT, None)
