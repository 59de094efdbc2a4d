"""What goes wrong when desktops are launched, and what becomes of the meeting."""

from datetime import timedelta

import pytest

from quadrangle.meetings.desktops.ports import TokenMismatch
from quadrangle.meetings.model import DesktopState, MeetingRole, Status
from tests.faults.meetings.cloud import Launches, LookUps
from tests.faults.meetings.hours import STUDENT, TEACHER, S, in_progress
from tests.faults.meetings.world import CALLER, POLICY, World

# -- the answer of a launch is lost ---------------------------------------------------------------


async def test_a_launch_whose_answer_was_lost_yields_the_same_machine(world: World):
    world.cloud.launches, world.cloud.look_ups = Launches.LOST_AFTER, LookUps.FAIL
    meeting = await world.schedule(0)
    await world.ground.work()
    assert len(world.cloud.living()) == 2
    assert (await world.get(meeting)).status is Status.SCHEDULED
    world.cloud.heal()
    await world.pass_time(30 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.real) == 2


async def test_one_that_died_unseen_has_a_second_generation_by_another_token(world: World):
    """The provider refuses the token of a machine that has ended."""
    world.cloud.launches, world.cloud.look_ups = Launches.LOST_AFTER, LookUps.FAIL
    meeting = await world.schedule(0)
    await world.ground.work()
    for machine_id in list(world.cloud.real):
        world.cloud.kill(machine_id)
    world.cloud.heal()
    await world.pass_time(60 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    for role in MeetingRole:
        assert (await world.desktop(meeting, role)).generation == 2
    assert len({order.token for _, order in world.cloud.launched}) == 4


async def test_a_token_used_with_other_parameters_yields_what_it_made(world: World):
    """The provider finds that something is not as before, and knows nothing of the machine yet."""
    launch, mismatched = world.cloud.launch, 0

    async def never_the_same(order):
        nonlocal mismatched
        await launch(order)
        mismatched += 1
        raise TokenMismatch

    world.cloud.launch, world.cloud.look_ups = never_the_same, LookUps.LAG
    meeting = await world.schedule(0)
    await world.ground.work()
    assert (await world.desktop(meeting, TEACHER)).machine_id is None
    await world.pass_time(60 * S, 5 * S)
    assert mismatched > 2
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.real) == 2


async def test_a_launch_that_was_never_made_is_made_again_with_its_own_parameters(world: World):
    world.cloud.launches, world.cloud.look_ups = Launches.LOST_BEFORE, LookUps.FAIL
    meeting = await world.schedule(0)
    await world.ground.work()
    before = await world.desktop(meeting, TEACHER)
    assert (before.state, before.machine_id) == (DesktopState.LAUNCHING, None)
    world.cloud.heal()
    await world.pass_time(30 * S)
    after = await world.desktop(meeting, TEACHER)
    assert after.attempt == before.attempt
    assert after.state is DesktopState.HEALTHY


@pytest.mark.parametrize("step", range(1, 12))
async def test_a_process_that_ends_anywhere_in_a_launch_leaves_one_machine_a_side(
    world: World, step: int
):
    meeting = await world.schedule(0)
    world.cloud.crash_in = step
    await world.ground.work()
    await world.pass_time(60 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert len(world.cloud.real) == 2


@pytest.mark.parametrize("step", range(1, 14))
async def test_a_process_that_ends_anywhere_in_an_end_leaves_nothing(world: World, step: int):
    meeting = await in_progress(world)
    await world.scheduling.end(meeting.meeting_id, CALLER)
    world.cloud.crash_in = step
    await world.ground.work()
    await world.pass_time(timedelta(minutes=2))
    assert world.cloud.living() == []
    assert world.cloud.names == {}
    assert (await world.get(meeting)).look_at is None
    assert await world.ground.waiting() == []


# -- no room, and what cannot be launched at all --------------------------------------------------


async def test_without_room_the_next_place_is_tried_and_then_the_meeting_fails(world: World):
    world.cloud.launches = Launches.NO_ROOM
    meeting = await world.schedule(0)
    await world.ground.work()
    await world.pass_time(timedelta(minutes=1), 5 * S)
    failed = await world.get(meeting)
    assert (failed.status, failed.end_reason) == (Status.FAILED, "There is no room.")
    teacher = await world.desktop(meeting, TEACHER)
    assert teacher.attempt
    assert teacher.attempt.number == POLICY.attempts
    assert await world.ground.waiting() == []


async def test_room_in_another_zone_is_enough(world: World):
    world.cloud.launches = Launches.NO_ROOM
    meeting = await world.schedule(0)
    await world.ground.work()
    world.cloud.heal()
    await world.pass_time(40 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    zones = {(order.attempt, order.zone) for _, order in world.cloud.launched}
    assert zones == {(2, "zone-1")}


async def test_what_is_refused_fails_at_once_and_says_why(world: World):
    world.cloud.launches = Launches.REFUSED
    meeting = await world.schedule(0)
    await world.ground.work()
    failed = await world.get(meeting)
    assert failed.status is Status.FAILED
    assert failed.end_reason == "The programs for desktops are not installed."


async def test_desktops_that_never_answer_are_replaced_until_that_is_enough(world: World):
    world.cloud.health = None
    meeting = await world.schedule(0)
    await world.ground.work()
    await world.pass_time(timedelta(minutes=14))
    failed = await world.get(meeting)
    assert failed.status is Status.FAILED
    assert failed.end_reason == "It did not answer in time."
    assert max(order.generation for _, order in world.cloud.launched) == POLICY.generations
    assert world.cloud.living() == []


async def test_machines_that_never_run_are_replaced(world: World):
    world.cloud.boot = timedelta(hours=1)
    meeting = await world.schedule(0)
    await world.ground.work()
    await world.pass_time(50 * S)
    world.cloud.heal()
    await world.pass_time(60 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    assert (await world.desktop(meeting, STUDENT)).generation == 2
    assert len(world.cloud.living()) == 2
