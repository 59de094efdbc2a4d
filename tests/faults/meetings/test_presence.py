"""Who comes, leaves and comes back, and the end that follows."""

from datetime import timedelta

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import Status
from quadrangle.meetings.presence.model import Connection
from tests.faults.meetings.hours import STUDENT, TEACHER, S, connect, in_progress, left
from tests.faults.meetings.world import CALLER, POLICY, World

# -- presence -------------------------------------------------------------------------------------


async def leave(world: World, connection: Connection) -> None:
    at = to_text(world.clock.now())
    await world.ground.presence.put(left(connection, at))


async def test_a_meeting_ends_some_time_after_the_last_one_left(world: World):
    meeting = await in_progress(world)
    world.clock.advance(timedelta(minutes=20))
    first = await connect(world, meeting, TEACHER, "a")
    second = await connect(world, meeting, STUDENT, "b")
    await leave(world, first)
    world.clock.advance(timedelta(seconds=60))
    await leave(world, second)
    await world.pass_time(POLICY.all_left - 30 * S)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    await world.pass_time(60 * S)
    ended = await world.get(meeting)
    assert (ended.status, ended.end_reason) == (Status.ENDED, "Everyone had left.")


async def test_a_reload_is_no_leaving(world: World):
    meeting = await in_progress(world)
    world.clock.advance(timedelta(minutes=20))
    connection = await connect(world, meeting, TEACHER, "0")
    for number in range(1, 5):
        world.clock.advance(timedelta(minutes=5))
        await leave(world, connection)
        world.clock.advance(timedelta(seconds=4))
        connection = await connect(world, meeting, TEACHER, str(number))
        await world.watching.settle(meeting.meeting_id)
        assert (await world.get(meeting)).status is Status.IN_PROGRESS


async def test_a_desktop_whose_person_has_not_come_ends_though_the_other_works(world: World):
    meeting = await in_progress(world, TEACHER)
    student = await world.desktop(meeting, STUDENT)
    await connect(world, meeting, TEACHER, "a")
    await world.until(meeting, minutes=14.5)
    assert len(world.cloud.living()) == 2
    await world.until(meeting, minutes=15.5)
    assert [real.order.role for real in world.cloud.living()] == [TEACHER]
    assert not world.cloud.real[student.machine_id].lives
    assert (await world.get(meeting)).status is Status.IN_PROGRESS


async def test_who_comes_late_has_a_desktop_made_again(world: World):
    meeting = await in_progress(world, TEACHER)
    await connect(world, meeting, TEACHER, "a")
    world.clock.advance(timedelta(minutes=16))
    await world.watching.settle(meeting.meeting_id)
    await world.ground.work()
    assert (await world.get(meeting)).released == (STUDENT,)
    assert isinstance(await world.join(meeting, STUDENT), WarmingUp)
    await world.ground.work()
    for _ in range(6):
        world.clock.advance(5 * S)
        await world.ground.work()
    assert isinstance(await world.join(meeting, STUDENT), Joined)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    assert (await world.desktop(meeting, STUDENT)).generation == 2


async def test_the_hard_end_comes_and_an_extension_moves_it(world: World):
    meeting = await in_progress(world, minutes=30)
    await connect(world, meeting, TEACHER, "a")
    await world.scheduling.extend(meeting.meeting_id, CALLER, 10)
    await world.until(meeting, minutes=39.5)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    await world.until(meeting, minutes=41)
    ended = await world.get(meeting)
    assert (ended.status, ended.end_reason) == (Status.ENDED, "The time was up.")
    assert world.cloud.living() == []
