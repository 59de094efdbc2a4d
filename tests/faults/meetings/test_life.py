"""A meeting's life from end to end, on real stores, jobs and reactions."""

from datetime import timedelta

import pytest

from quadrangle.kernel.errors import Gone
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import DesktopState, MeetingRole, Status
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


async def test_from_scheduled_to_ended_and_nothing_is_left(world: World):
    meeting = await world.schedule(60, minutes=30)
    await world.ground.work()
    assert await world.ground.waiting() == sorted(
        [f"launch-{meeting.meeting_id}", f"safety-net-{meeting.meeting_id}"]
    )
    waiting = await world.join(meeting, STUDENT)
    assert isinstance(waiting, WarmingUp)
    assert (waiting.status, waiting.stage) == (Status.SCHEDULED, "scheduled")
    await world.until(meeting, minutes=-10.5)
    assert world.cloud.launched == []
    await world.until(meeting, minutes=-9)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert [order.role for _, order in world.cloud.launched] == [TEACHER, STUDENT]
    joined = await world.join(meeting, STUDENT)
    assert isinstance(joined, Joined)
    student = await world.desktop(meeting, STUDENT)
    assert student.link
    assert joined.url.startswith(student.link)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    await world.join(meeting, TEACHER)
    await world.until(meeting, minutes=14)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    await world.scheduling.end(meeting.meeting_id, CALLER)
    await world.pass_time(timedelta(minutes=1))
    ended = await world.get(meeting)
    assert ended.status is Status.ENDED
    assert {each.state for each in ended.desktops} == {DesktopState.GONE}
    assert world.cloud.living() == []
    assert world.cloud.names == {}
    assert await world.ground.waiting() == []
    with pytest.raises(Gone):
        await world.join(meeting, STUDENT)


async def test_nobody_comes_and_fifteen_minutes_later_nothing_runs(world: World):
    meeting = await world.schedule(60)
    await world.until(meeting, minutes=14.9)
    assert (await world.get(meeting)).status is Status.HEALTHY
    await world.until(meeting, minutes=15.5)
    expired = await world.get(meeting)
    assert (expired.status, expired.look_at) == (Status.EXPIRED, None)
    assert world.cloud.living() == []
    assert world.cloud.names == {}
    assert await world.ground.waiting() == []
