"""What goes wrong with desktops, one kind at a time, and what becomes of the meeting."""

from datetime import timedelta

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.desktops.ports import TokenMismatch
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.presence.model import Connection
from tests.faults.meetings.cloud import Crash, Launches, LookUps
from tests.faults.meetings.world import CALLER, POLICY, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
S = timedelta(seconds=1)


async def healthy(world: World, **fields) -> Meeting:
    """Have a meeting whose hour has come, with both desktops ready."""
    meeting = await world.schedule(0, **fields)
    await world.ground.work()
    await world.pass_time(20 * S, 5 * S)
    assert (await world.get(meeting)).status is Status.HEALTHY
    return meeting


async def in_progress(world: World, *roles: MeetingRole, **fields) -> Meeting:
    meeting = await healthy(world, **fields)
    for role in roles or (TEACHER, STUDENT):
        assert isinstance(await world.join(meeting, role), Joined)
    return meeting


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


# -- presence -------------------------------------------------------------------------------------


async def connect(world: World, meeting: Meeting, role: MeetingRole, name: str) -> Connection:
    """Have somebody there who is heard of for a day."""
    at, heard = to_text(world.clock.now()), to_text(world.clock.now() + timedelta(days=1))
    connection = Connection(name, meeting.meeting_id, role, "desktop", at, heard)
    await world.ground.presence.put(connection)
    return connection


async def leave(world: World, connection: Connection) -> None:
    at = to_text(world.clock.now())
    left = Connection(
        connection.connection_id,
        connection.meeting_id,
        connection.role,
        connection.kind,
        connection.begun_at,
        at,
        at,
    )
    await world.ground.presence.put(left)


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
