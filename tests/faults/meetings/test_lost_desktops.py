"""What was launched and is lost, or seems so, and what becomes of the meeting."""

from datetime import timedelta

import pytest

from quadrangle.kernel.ids import new_id
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import DesktopState, Status
from tests.faults.meetings.cloud import Launches, LookUps
from tests.faults.meetings.hours import STUDENT, TEACHER, S, connect, healthy, in_progress
from tests.faults.meetings.world import CALLER, POLICY, World

# -- look-ups -------------------------------------------------------------------------------------


@pytest.mark.parametrize("look_ups", [LookUps.FAIL, LookUps.EMPTY])
async def test_a_whole_sweep_of_failing_look_ups_changes_nothing(world: World, look_ups: LookUps):
    going = await in_progress(world)
    world.cloud.boot = timedelta(seconds=55)
    booting = await world.schedule(0)
    await world.ground.work()
    before = [await world.get(going), await world.get(booting)]
    assert before[1].status is Status.LAUNCHED
    world.cloud.look_ups = look_ups
    for _ in range(4):
        world.clock.advance(10 * S)
        await world.watching.sweep_once()
        await world.ground.work()
    assert [await world.get(going), await world.get(booting)] == before
    assert len(world.cloud.living()) == 4
    world.cloud.heal()
    await world.pass_time(30 * S)
    assert (await world.get(booting)).status is Status.HEALTHY
    assert len(world.cloud.real) == 4


async def test_look_ups_that_lag_replace_nothing(world: World):
    world.cloud.look_ups = LookUps.LAG
    meeting = await world.schedule(0)
    await world.ground.work()
    await world.pass_time(60 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.real) == 2


async def test_a_provider_that_is_away_for_long_ends_no_living_desktop(world: World):
    meeting = await in_progress(world, minutes=60)
    world.cloud.look_ups = LookUps.FAIL
    await connect(world, meeting, TEACHER, "a")
    await world.pass_time(timedelta(minutes=10), timedelta(seconds=30))
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    assert len(world.cloud.living()) == 2


# -- a desktop dies -------------------------------------------------------------------------------


async def test_a_desktop_that_dies_before_anyone_came_is_made_again(world: World):
    meeting = await healthy(world)
    lost = await world.desktop(meeting, STUDENT)
    world.cloud.kill(lost.machine_id)
    await world.watching.machine_changed(lost.machine_id)
    assert (await world.get(meeting)).status is Status.LAUNCHED
    assert isinstance(await world.join(meeting, STUDENT), WarmingUp)
    await world.pass_time(30 * S, 5 * S)
    again = await world.desktop(meeting, STUDENT)
    assert (again.state, again.generation) == (DesktopState.HEALTHY, 2)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.names) == 2


async def test_a_desktop_that_dies_in_session_degrades_the_meeting_until_the_next_is_there(
    world: World,
):
    meeting = await in_progress(world)
    lost = await world.desktop(meeting, STUDENT)
    world.cloud.kill(lost.machine_id)
    await world.watching.machine_changed(lost.machine_id)
    assert (await world.get(meeting)).status is Status.DEGRADED
    assert isinstance(await world.join(meeting, TEACHER), Joined)
    assert isinstance(await world.join(meeting, STUDENT), WarmingUp)
    await world.pass_time(30 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    entered = await world.join(meeting, STUDENT)
    assert isinstance(entered, Joined)
    assert (await world.desktop(meeting, STUDENT)).link in entered.url


async def test_a_desktop_is_lost_after_three_failed_checks_and_not_before(world: World):
    meeting = await in_progress(world)
    silent = await world.desktop(meeting, TEACHER)
    world.cloud.real[silent.machine_id].answers_at = None
    for failed in (1, 2):
        world.clock.advance(POLICY.check_every)
        for _ in range(3):  # looks that come at once count once
            await world.watching.settle(meeting.meeting_id)
        assert (await world.desktop(meeting, TEACHER)).failed_checks == failed
        assert (await world.get(meeting)).status is Status.IN_PROGRESS
    world.clock.advance(POLICY.check_every)
    await world.watching.settle(meeting.meeting_id)
    assert (await world.get(meeting)).status is Status.DEGRADED
    await world.pass_time(30 * S, 5 * S)
    assert (await world.desktop(meeting, TEACHER)).generation == 2
    assert not world.cloud.real[silent.machine_id].lives


async def test_a_meeting_in_progress_goes_on_though_no_new_desktop_can_be_made(world: World):
    meeting = await in_progress(world)
    world.cloud.launches = Launches.NO_ROOM
    lost = await world.desktop(meeting, STUDENT)
    world.cloud.kill(lost.machine_id)
    await world.pass_time(timedelta(minutes=2))
    assert (await world.get(meeting)).status is Status.DEGRADED
    assert (await world.desktop(meeting, STUDENT)).state is DesktopState.FAILED
    assert isinstance(await world.join(meeting, TEACHER), Joined)
    world.cloud.heal()
    await world.scheduling.retry(meeting.meeting_id, CALLER, STUDENT)
    await world.ground.work()
    await world.pass_time(30 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.IN_PROGRESS


# -- events ---------------------------------------------------------------------------------------


async def test_a_late_running_event_never_undoes_in_progress(world: World):
    meeting = await in_progress(world)
    before = await world.get(meeting)
    for desktop in before.desktops:
        await world.watching.machine_changed(desktop.machine_id)
    assert await world.get(meeting) == before


async def test_an_event_of_a_foreign_machine_asks_no_names_and_writes_nothing(world: World):
    meeting = await healthy(world)
    before, names = await world.get(meeting), dict(world.cloud.names)
    changes = await world.ground.changes()
    world.cloud.routes_fail = True
    await world.watching.machine_changed("i-0123456789abcdef0")
    world.cloud.stray(new_id())
    await world.watching.machine_changed("i-0002")
    assert await world.get(meeting) == before
    assert world.cloud.names == names
    assert await world.ground.changes() == changes


async def test_a_running_event_of_ours_makes_one_name_however_often_it_comes(world: World):
    world.cloud.boot = timedelta(0)
    meeting = await world.schedule(0)
    await world.watching.settle(meeting.meeting_id)
    for _ in range(3):
        for machine_id in list(world.cloud.real):
            await world.watching.machine_changed(machine_id)
    assert len(world.cloud.names) == 2


async def test_launched_and_dns_written_need_both_desktops(world: World):
    seen: list[tuple[Status, list[DesktopState]]] = []
    meeting = await world.schedule(0)
    world.cloud.boot = timedelta(0)
    await world.watching.settle(meeting.meeting_id)
    for change in await world.ground.changes():
        if change.kind == "meeting.status-changed":
            seen.append((change.data["new"], change.data["old"]))
    assert [new for new, _ in seen] == ["LAUNCHED", "DNS_WRITTEN"]
    states: dict[str, str] = {}
    for change in await world.ground.changes():
        if change.kind == "meeting.desktop":
            states[change.data["role"]] = change.data["new"]
        if change.kind == "meeting.status-changed":
            assert len(states) == 2, "a status changed before both desktops were there"
            assert "WANTED" not in states.values()


# -- names ----------------------------------------------------------------------------------------


async def test_a_name_that_cannot_be_taken_off_holds_the_machine_for_a_while_only(world: World):
    meeting = await in_progress(world)
    world.cloud.routes_fail = True
    await world.scheduling.end(meeting.meeting_id, CALLER)
    await world.ground.work()
    assert len(world.cloud.living()) == 2
    await world.pass_time(POLICY.drain_clock + 30 * S)
    assert world.cloud.living() == []
    assert len(world.cloud.names) == 2
    assert (await world.get(meeting)).look_at is not None
    world.cloud.heal()
    await world.pass_time(timedelta(minutes=1))
    assert world.cloud.names == {}
    assert (await world.get(meeting)).look_at is None


# -- the reaper -----------------------------------------------------------------------------------


async def test_a_machine_that_is_nobodys_is_marked_and_ended_on_the_next_pass(world: World):
    meeting = await healthy(world)
    stray = world.cloud.stray(new_id())
    other = world.cloud.stray(meeting.meeting_id)
    assert await world.reaper.reap() == []
    assert {stray, other} <= {real.machine_id for real in world.cloud.living()}
    world.clock.advance(timedelta(minutes=1))
    assert await world.reaper.reap() == [stray, other]
    assert len(world.cloud.living()) == 2
    assert (await world.get(meeting)).status is Status.HEALTHY


async def test_a_reaper_that_cannot_list_machines_forgets_no_mark(world: World):
    stray = world.cloud.stray(new_id())
    await world.reaper.reap()
    world.cloud.look_ups = LookUps.FAIL
    world.clock.advance(timedelta(minutes=1))
    assert await world.reaper.reap() == []
    world.cloud.heal()
    assert await world.reaper.reap() == [stray]
