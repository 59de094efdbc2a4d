"""Recordings: never a byte before both agreed, never one after somebody withdrew, none lost."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.errors import Conflict, Forbidden, NotFound
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.model import Meeting, MeetingRole, Workspace
from quadrangle.meetings.recording.directing import Wish
from quadrangle.meetings.recording.model import Recording, RecordingAction, RecordingState
from tests.faults.meetings.around import Around
from tests.faults.meetings.cloud import Crash
from tests.faults.meetings.hours import in_progress
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
ASK, AGREE = RecordingAction.ASK, RecordingAction.AGREE
REFUSE, STOP = RecordingAction.REFUSE, RecordingAction.STOP
PEOPLE = {
    TEACHER: CALLER.principal,
    STUDENT: Principal("Ada", Role.STUDENT, "account-student"),
}
STAFF = Principal("Bo", Role.STAFF, "account-staff")


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


async def act(
    around: Around,
    meeting: Meeting,
    side: MeetingRole,
    action: RecordingAction,
    desktop: MeetingRole | None = None,
) -> Recording:
    now = await around.world.get(meeting)
    directing = around.service.directing
    known = (await directing.show(meeting.meeting_id)).recordings
    wish = Wish(action, desktop, known[-1].recording_id if action is AGREE else None)
    return (await directing.act(now, side, wish, PEOPLE[side])).recordings[-1]


async def last(around: Around, meeting: Meeting) -> Recording:
    return (await around.service.directing.show(meeting.meeting_id)).recordings[-1]


async def running(around: Around) -> Meeting:
    """Have a meeting whose student is filmed, as both want it."""
    meeting = await in_progress(around.world)
    await act(around, meeting, TEACHER, ASK, STUDENT)
    await act(around, meeting, STUDENT, AGREE)
    await around.world.ground.work()
    assert (await last(around, meeting)).state is RecordingState.RUNNING
    return meeting


async def test_nothing_is_filmed_before_both_agreed(around: Around):
    meeting = await in_progress(around.world)
    asked = await act(around, meeting, TEACHER, ASK, STUDENT)
    assert asked.state is RecordingState.ASKED
    with pytest.raises(Forbidden):
        await act(around, meeting, TEACHER, AGREE)
    await around.world.pass_time(timedelta(minutes=1))
    assert around.camera.films == {}
    agreed = await act(around, meeting, STUDENT, AGREE)
    assert [each.role for each in agreed.agreed] == [TEACHER, STUDENT]
    await around.world.ground.work()
    student = await around.world.desktop(meeting, STUDENT)
    assert around.camera.running == {(student.machine_id, agreed.recording_id)}
    assert (await last(around, meeting)).state is RecordingState.RUNNING


@pytest.mark.parametrize("side", [TEACHER, STUDENT])
async def test_a_question_comes_to_nothing_by_either_side(around: Around, side: MeetingRole):
    meeting = await in_progress(around.world)
    await act(around, meeting, STUDENT, ASK, TEACHER)
    refused = await act(around, meeting, side, REFUSE)
    assert (refused.state, refused.ended_by) == (RecordingState.REFUSED, side)
    with pytest.raises(Conflict):
        await act(around, meeting, TEACHER, AGREE)
    await around.world.ground.work()
    assert around.camera.films == {}


@pytest.mark.parametrize("side", [TEACHER, STUDENT])
async def test_either_side_stops_it_at_once(around: Around, side: MeetingRole):
    meeting = await running(around)
    stopped = await act(around, meeting, side, STOP)
    assert around.camera.running == set()
    assert (stopped.state, stopped.ended_by, stopped.size) == (RecordingState.READY, side, 1)
    kinds = await around.kinds(meeting)
    assert kinds.count("meeting.recording-ready") == 1
    assert [kind for kind in kinds if "recording" in kind] == [
        "meeting.recording-asked",
        "meeting.recording-agreed",
        "meeting.recording-began",
        "meeting.recording-stopped",
        "meeting.recording-ready",
    ]


async def test_a_stop_that_cannot_be_done_at_once_is_done_later(around: Around):
    meeting = await running(around)
    around.camera.away = True
    stopped = await act(around, meeting, STUDENT, STOP)
    assert stopped.state is RecordingState.STOPPING
    around.camera.away = False
    await around.world.pass_time(timedelta(minutes=1))
    assert (await last(around, meeting)).state is RecordingState.READY
    assert around.camera.running == set()


async def test_withdrawn_while_it_begins_nothing_goes_on(around: Around):
    """The camera starts in one process while another hears that it must not."""
    meeting = await in_progress(around.world)
    await act(around, meeting, TEACHER, ASK, STUDENT)
    recording = await act(around, meeting, STUDENT, AGREE)
    stopped = await act(around, meeting, STUDENT, STOP)
    assert stopped.state is RecordingState.STOPPING
    until = around.world.clock.now() + timedelta(hours=1)
    await around.camera.start(recording.machine_id or "", recording.recording_id, until)
    await around.world.pass_time(timedelta(minutes=2))
    assert around.camera.running == set()
    assert (await last(around, meeting)).state is RecordingState.READY


async def test_withdrawn_before_it_began_there_is_no_film(around: Around):
    meeting = await in_progress(around.world)
    await act(around, meeting, TEACHER, ASK, STUDENT)
    await act(around, meeting, STUDENT, AGREE)
    await act(around, meeting, STUDENT, STOP)
    await around.world.pass_time(timedelta(minutes=2))
    failed = await last(around, meeting)
    assert (failed.state, failed.reason) == (RecordingState.FAILED, "Nothing was filmed.")
    assert around.camera.films == {}


async def test_it_ends_with_the_meeting_and_is_handed_over(around: Around):
    meeting = await running(around)
    await around.world.scheduling.end(meeting.meeting_id, CALLER)
    await around.world.pass_time(timedelta(minutes=1))
    ready = await last(around, meeting)
    assert (ready.state, ready.ended_by, ready.reason) == (RecordingState.READY, None, None)
    changes = await around.world.ground.changes()
    (told,) = [each for each in changes if each.kind == "meeting.recording-ready"]
    assert told.data["machineId"] == ready.machine_id
    assert told.data["recordingId"] == ready.recording_id


async def test_one_that_ends_by_itself_is_seen_to(around: Around):
    meeting = await running(around)
    around.camera.running.clear()
    await around.world.pass_time(timedelta(seconds=20), timedelta(seconds=5))
    ready = await last(around, meeting)
    assert ready.reason == "It ended before it was stopped."


async def test_one_that_can_never_be_says_why(around: Around):
    around.camera.refuses = "ffmpeg is not installed."
    meeting = await in_progress(around.world)
    await act(around, meeting, TEACHER, ASK, TEACHER)
    await act(around, meeting, STUDENT, AGREE)
    await around.world.ground.work()
    failed = await last(around, meeting)
    assert (failed.state, failed.reason) == (RecordingState.FAILED, "ffmpeg is not installed.")
    around.camera.refuses = ""
    await act(around, meeting, TEACHER, ASK, TEACHER)  # it may be tried again


async def test_a_lost_desktop_ends_it_and_its_film_is_kept(around: Around):
    meeting = await running(around)
    around.world.cloud.kill((await around.world.desktop(meeting, STUDENT)).machine_id or "")
    await around.world.pass_time(timedelta(minutes=1))
    assert (await last(around, meeting)).state is RecordingState.READY


async def test_one_at_a_time_and_only_in_the_session(around: Around):
    early = await around.world.schedule(60)
    with pytest.raises(Conflict, match="once the meeting has begun"):
        await act(around, early, TEACHER, ASK, STUDENT)
    meeting = await running(around)
    with pytest.raises(Conflict, match="already"):
        await act(around, meeting, STUDENT, ASK, TEACHER)


async def test_a_terminal_is_not_recorded(around: Around):
    meeting = await in_progress(around.world, workspace=Workspace.TERMINAL)
    with pytest.raises(Conflict, match="Terminals"):
        await act(around, meeting, TEACHER, ASK, STUDENT)


async def test_a_film_is_removed_by_who_may(around: Around):
    meeting = await running(around)
    recording = await last(around, meeting)
    directing = around.service.directing
    with pytest.raises(Conflict):
        await directing.discard(meeting.meeting_id, recording.recording_id, STAFF)
    await act(around, meeting, TEACHER, STOP)
    film = await directing.find(meeting.meeting_id, recording.recording_id)
    assert b"".join([piece async for piece in directing.content(film)]) == b"x"
    await directing.discard(meeting.meeting_id, recording.recording_id, STAFF)
    assert around.camera.films == {}
    assert (await last(around, meeting)).state is RecordingState.REMOVED
    with pytest.raises(NotFound):
        await directing.find(meeting.meeting_id, recording.recording_id)


@pytest.mark.parametrize("steps", range(1, 12))
async def test_wherever_it_breaks_off_it_is_filmed_once_and_stopped(around: Around, steps: int):
    meeting = await in_progress(around.world)
    await act(around, meeting, TEACHER, ASK, STUDENT)
    await act(around, meeting, STUDENT, AGREE)
    follow = around.background.filming.follow
    around.world.cloud.crash_in = steps
    with suppress(Crash):
        await follow(meeting.meeting_id)
        await act(around, meeting, STUDENT, STOP)
    around.world.cloud.heal()
    if (await last(around, meeting)).ended_by is None:
        await around.world.pass_time(timedelta(seconds=10), timedelta(seconds=5))
        assert len(around.camera.running) == 1
        await act(around, meeting, STUDENT, STOP)
    await around.world.pass_time(timedelta(minutes=2))
    assert around.camera.running == set()
    assert (await last(around, meeting)).state is RecordingState.READY
    assert (await around.kinds(meeting)).count("meeting.recording-ready") == 1
