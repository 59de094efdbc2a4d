"""What staff does about a meeting that is stuck, and what becomes of it."""

from datetime import timedelta

import pytest

from quadrangle.kernel.errors import Forbidden, Gone
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.model import DesktopState, MeetingRole, Status
from quadrangle.meetings.oversight.oversight import Oversight
from tests.faults.meetings.cloud import Launches, LookUps
from tests.faults.meetings.world import POLICY, TEACHER, World

STAFF = Principal("Bo", Role.STAFF, new_id())
S = timedelta(seconds=1)


@pytest.fixture
def oversight(world: World) -> Oversight:
    capacity = Capacity(8, "The memory of this machine.")
    return Oversight(world.store, world.ground.reaped, lambda: capacity, world.clock, POLICY)


async def running(world: World):
    meeting = await world.schedule(0)
    await world.ground.work()
    await world.pass_time(20 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    return meeting


async def test_what_runs_is_shown_with_what_it_has_cost(world: World, oversight: Oversight):
    meeting = await running(world)
    await world.schedule(24 * 60)  # nothing runs for it yet
    await world.pass_time(timedelta(minutes=6), 20 * S)
    seen = await oversight.overview(STAFF)
    assert [use.meeting.meeting_id for use in seen.active] == [meeting.meeting_id]
    assert (seen.machines, seen.most) == (2, 8)
    assert seen.active[0].hours == pytest.approx(0.2, abs=0.02)
    assert seen.active[0].stuck == ()
    assert (seen.lately.meetings, seen.lately.hours) == (1, seen.active[0].hours)


async def test_a_desktop_is_made_anew(world: World, oversight: Oversight):
    meeting = await running(world)
    await oversight.retry(meeting.meeting_id, MeetingRole.STUDENT, STAFF)
    await world.ground.work()
    await world.pass_time(60 * S, 5 * S)
    assert (await world.desktop(meeting, MeetingRole.STUDENT)).generation == 2
    assert (await world.desktop(meeting, MeetingRole.TEACHER)).generation == 1
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.living()) == 2


async def test_a_look_brings_what_got_lost_on_its_way(world: World, oversight: Oversight):
    world.cloud.launches, world.cloud.look_ups = Launches.LOST_AFTER, LookUps.FAIL
    meeting = await world.schedule(0)
    await world.ground.work()
    for name in await world.ground.waiting():
        await world.ground.drop(name)  # nothing wakes it any more
    world.cloud.heal()
    world.clock.advance(timedelta(minutes=10))
    assert (await oversight.overview(STAFF)).active[0].stuck
    before = await world.get(meeting)
    await oversight.retry(meeting.meeting_id, None, STAFF)
    await world.ground.work()
    assert (await world.get(meeting)).version > before.version + 1


async def test_a_meeting_is_ended_and_nothing_of_it_runs_on(world: World, oversight: Oversight):
    meeting = await running(world)
    await oversight.force_end(meeting.meeting_id, "The room burns.", STAFF)
    await world.ground.work()
    await world.pass_time(120 * S, 5 * S)
    over = await world.get(meeting)
    assert over.status is Status.CANCELLED
    assert {each.state for each in over.desktops} == {DesktopState.GONE}
    assert world.cloud.living() == []
    for act in (
        oversight.force_end(meeting.meeting_id, "Again.", STAFF),
        oversight.retry(meeting.meeting_id, None, STAFF),
        oversight.retry(meeting.meeting_id, MeetingRole.TEACHER, STAFF),
    ):
        with pytest.raises(Gone):
            await act
    kinds = [change.kind for change in await world.ground.changes() if change.actor == "Bo"]
    assert "meeting.force-ended" in kinds
    (past,) = (await oversight.history(10, None, STAFF)).items
    assert past.hours > 0


async def test_what_was_reaped_is_remembered(world: World, oversight: Oversight):
    first, second = world.cloud.stray(new_id()), world.cloud.stray(new_id())
    await world.reaper.reap()
    world.clock.advance(timedelta(minutes=1))
    assert await world.reaper.reap() == [first, second]
    seen = (await oversight.overview(STAFF)).reaped
    assert [each.machine_id for each in seen] == [second, first]
    kinds = [change.kind for change in await world.ground.changes()]
    assert kinds == ["meeting.machine-reaped"] * 2


async def test_it_is_for_staff(world: World, oversight: Oversight):
    meeting = await running(world)
    for asked in (
        oversight.overview(TEACHER),
        oversight.history(10, None, TEACHER),
        oversight.retry(meeting.meeting_id, None, TEACHER),
        oversight.force_end(meeting.meeting_id, "No.", TEACHER),
    ):
        with pytest.raises(Forbidden):
            await asked
