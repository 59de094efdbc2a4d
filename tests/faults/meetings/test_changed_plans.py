"""Meetings cancelled or moved while they are being launched, and schedules that come late."""

from datetime import timedelta

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.model import DesktopState, Status
from tests.faults.meetings.cloud import Crash
from tests.faults.meetings.hours import TEACHER, healthy, in_progress
from tests.faults.meetings.world import CALLER, POLICY, World

# -- cancelled, moved, too late -------------------------------------------------------------------


async def test_a_launch_that_broke_off_before_a_cancellation_leaves_no_machine(world: World):
    meeting = await world.schedule(0)
    world.cloud.crash_in = 6
    with pytest.raises(Crash):
        await world.watching.settle(meeting.meeting_id)
    await world.scheduling.cancel(meeting.meeting_id, CALLER)
    await world.ground.work()
    await world.pass_time(timedelta(minutes=2))
    assert world.cloud.living() == []
    cancelled = await world.get(meeting)
    assert (cancelled.status, cancelled.look_at) == (Status.CANCELLED, None)


async def test_a_machine_made_for_a_meeting_that_was_cancelled_meanwhile_is_ended(world: World):
    """The launch is under way when the teacher cancels: what comes of it is not wanted."""
    meeting = await world.schedule(0)
    launch = world.cloud.launch

    async def slow_launch(order):
        machine_id = await launch(order)
        if order.role is TEACHER:
            await world.scheduling.cancel(meeting.meeting_id, CALLER)
        return machine_id

    world.cloud.launch = slow_launch
    await world.watching.settle(meeting.meeting_id)
    await world.ground.work()
    await world.pass_time(timedelta(minutes=2))
    assert len(world.cloud.real) == 2
    assert world.cloud.living() == []
    assert (await world.get(meeting)).look_at is None


async def test_a_machine_nobody_waits_for_any_more_is_ended_at_once(world: World):
    """The launch took so long that its desktop had been given up, and looked for in vain."""
    meeting = await world.schedule(0)
    launch = world.cloud.launch
    late: list = []

    async def very_slow_launch(order):
        late.append(order)
        world.cloud.launch = launch
        await world.scheduling.cancel(meeting.meeting_id, CALLER)
        for _ in range(3):
            world.clock.advance(POLICY.boot_clock)
            await world.watching.settle(meeting.meeting_id)
        assert (await world.desktop(meeting, order.role)).state is DesktopState.GONE
        return await launch(order)

    world.cloud.launch = very_slow_launch
    await world.watching.settle(meeting.meeting_id)
    (made,) = [real for real in world.cloud.real.values() if real.order == late[0]]
    assert not made.lives


async def test_a_moved_meeting_ends_what_was_launched_and_launches_anew(world: World):
    meeting = await healthy(world)
    await world.ground.work()
    later = to_text(world.clock.now() + timedelta(hours=3))
    moved = await world.scheduling.move(meeting.meeting_id, CALLER, later)
    assert (moved.status, moved.sequence) == (Status.SCHEDULED, 1)
    await world.ground.work()
    await world.pass_time(timedelta(minutes=1))
    assert world.cloud.living() == []
    assert world.cloud.names == {}
    assert f"launch-{meeting.meeting_id}" in await world.ground.waiting()
    await world.until(meeting, minutes=-9)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert {order.generation for _, order in world.cloud.launched} == {1, 2}


async def test_a_schedule_that_fires_late_launches_nothing(world: World):
    meeting = await world.schedule(60)
    world.clock.advance(timedelta(hours=20))
    await world.ground.work()
    assert world.cloud.real == {}
    expired = await world.get(meeting)
    assert (expired.status, expired.end_reason) == (
        Status.EXPIRED,
        "The desktops were not ready in time.",
    )


async def test_schedules_put_late_for_a_meeting_cancelled_meanwhile_are_taken_back(world: World):
    """The reaction to the scheduling read the meeting before it was cancelled, and puts after the
    reaction to the cancellation is done."""
    meeting = await world.schedule(60)
    await world.ground.work()
    put = world.ground.jobs.put

    async def slow_put(*jobs):
        world.ground.jobs.put = put
        await world.scheduling.cancel(meeting.meeting_id, CALLER)
        await world.ground.work()
        await put(*jobs)

    world.ground.jobs.put = slow_put
    await world.replay(await world.ground.changes())
    assert await world.ground.waiting() == []


async def test_schedules_put_late_for_a_meeting_moved_meanwhile_are_those_of_its_new_time(
    world: World,
):
    meeting = await world.schedule(60)
    await world.ground.work()
    put = world.ground.jobs.put

    async def slow_put(*jobs):
        world.ground.jobs.put = put
        later = to_text(world.clock.now() + timedelta(hours=5))
        await world.scheduling.move(meeting.meeting_id, CALLER, later)
        await world.ground.work()
        await put(*jobs)

    world.ground.jobs.put = slow_put
    await world.replay(await world.ground.changes())
    world.clock.advance(timedelta(hours=4))
    await world.ground.work()
    assert f"launch-{meeting.meeting_id}" in await world.ground.waiting()
    assert world.cloud.real == {}


async def test_a_later_look_never_takes_the_place_of_one_that_is_due(world: World):
    """A meeting is ended, and asks to be looked at, just when another look puts the next."""
    meeting = await in_progress(world)
    await world.ground.work()
    put = world.ground.jobs.put

    async def slow_put(*jobs):
        world.ground.jobs.put = put
        seen = len(await world.ground.changes())
        await world.scheduling.end(meeting.meeting_id, CALLER)
        await world.replay((await world.ground.changes())[seen:])
        await put(*jobs)

    world.ground.jobs.put = slow_put
    await world.watching.settle(meeting.meeting_id)
    assert f"settle-{meeting.meeting_id}" in await world.ground.due()


async def test_a_meeting_whose_schedules_got_lost_takes_place_all_the_same(world: World):
    meeting = await world.schedule(30)
    await world.ground.work()
    for name in await world.ground.waiting():
        await world.ground.drop(name)
    await world.until(meeting, minutes=-8)
    assert (await world.get(meeting)).status is Status.HEALTHY
