"""Decisions about meetings hold for any meeting."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings import life_rules
from quadrangle.meetings.desktops.act_rules import Act, acts_for
from quadrangle.meetings.desktops.finding_rules import Found, laid_on
from quadrangle.meetings.model import ENDS, Desktop, DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.scheduling.time_rules import MeetTime
from quadrangle.meetings.settling import clock_rules
from quadrangle.meetings.status_rules import decide, status_of
from quadrangle.meetings.window_rules import ends_at, is_past, may_launch
from tests.rules.meetings.made import (
    NOW,
    POLICY,
    STUDENT,
    TEACHER,
    both,
    desktop,
    findings,
    meeting,
    meetings,
    roles,
    seconds,
    text_at,
)

S = timedelta(seconds=1)
ticks = st.tuples(st.none() | seconds, seconds)
founds = st.lists(st.builds(Found, roles, st.integers(1, 3), findings), max_size=4)


def ticked(before: Meeting, left_s: float | None, late_s: float) -> Meeting:
    left_at = None if left_s is None else NOW + left_s * S
    after, told = clock_rules.tick(before, left_at, NOW + late_s * S, POLICY)
    return decide(before, after, told, SYSTEM, NOW + late_s * S, POLICY)[0]


# -- status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("teacher", "student", "status"),
    [
        ("WANTED", "WANTED", Status.SCHEDULED),
        ("RUNNING", "LAUNCHING", Status.SCHEDULED),
        ("RUNNING", "RUNNING", Status.LAUNCHED),
        ("ROUTED", "RUNNING", Status.LAUNCHED),
        ("HEALTHY", "WANTED", Status.SCHEDULED),
        ("ROUTED", "ROUTED", Status.DNS_WRITTEN),
        ("HEALTHY", "ROUTED", Status.DNS_WRITTEN),
        ("HEALTHY", "HEALTHY", Status.HEALTHY),
        ("HEALTHY", "DRAINING", Status.SCHEDULED),
    ],
)
def test_each_stage_needs_both_desktops(teacher: str, student: str, status: Status):
    desktops = (
        desktop(TEACHER, DesktopState(teacher)),
        desktop(STUDENT, DesktopState(student)),
    )
    assert status_of(meeting(desktops=desktops)) is status
    launched = meeting(desktops=desktops, status=Status.HEALTHY)
    assert status_of(launched) is max(status, Status.LAUNCHED, key=list(Status).index)
    joined = msgspec.structs.replace(launched, joined_at=text_at(0))
    works = status is Status.HEALTHY
    assert status_of(joined) is (Status.IN_PROGRESS if works else Status.DEGRADED)


def test_a_side_that_was_let_go_degrades_nothing():
    alone = meeting(
        desktops=(desktop(TEACHER, DesktopState.HEALTHY), desktop(STUDENT, DesktopState.GONE)),
        joined_at=text_at(0),
        joined_roles=(TEACHER,),
        released=(STUDENT,),
    )
    assert status_of(alone) is Status.IN_PROGRESS


@given(meetings(), founds, ticks)
def test_whatever_is_found_out_and_whenever_ends_absorb(before, found, tick):
    left_s, late_s = tick
    laid = laid_on(before, found, NOW + late_s * S, POLICY)
    after = ticked(laid, left_s, late_s)
    if before.status in ENDS:
        assert after.status is before.status
        assert not [each for each in after.desktops if each.is_living]


@given(meetings(), ticks)
def test_time_that_stands_still_decides_nothing_twice(before, tick):
    once = ticked(before, *tick)
    assert ticked(once, *tick) == once


@given(meetings(), founds, ticks)
def test_every_write_leaves_a_change_record_and_one_version_more(before, found, tick):
    left_s, late_s = tick
    now = NOW + late_s * S
    left_at = None if left_s is None else NOW + left_s * S
    laid = laid_on(before, found, now, POLICY)
    after, told = clock_rules.tick(laid, left_at, now, POLICY)
    decided, changes = decide(before, after, told, SYSTEM, now, POLICY)
    assert bool(changes) == (decided != before)
    assert decided.version == before.version + bool(changes)
    assert {change.subject for change in changes} <= {before.meeting_id}
    assert len([each for each in changes if each.kind == "meeting.status-changed"]) == (
        decided.status is not before.status
    )


@given(meetings(), ticks)
def test_what_is_over_wants_no_desktop_and_what_lives_is_not_past(before, tick):
    after = ticked(before, *tick)
    now = NOW + tick[1] * S
    if not before.is_over and after.is_over:
        assert not [each for each in after.desktops if each.is_living]
        assert after.end_reason
        assert after.ended_at
    if not after.is_over:
        assert not is_past(after, now, POLICY)


@given(meetings(), ticks)
def test_there_is_always_a_next_look_until_nothing_is_left(before, tick):
    after = ticked(before, *tick)
    left_s, late_s = tick
    now = NOW + late_s * S
    left_at = None if left_s is None or after.is_over else NOW + left_s * S
    look_at = clock_rules.look_again_at(after, left_at, now, POLICY)
    unsettled = not after.is_over or not all(each.is_settled for each in after.desktops)
    assert (look_at is not None) == unsettled
    assert look_at is None or look_at >= now
    assert (after.look_at is not None) == unsettled


@given(meetings(), seconds)
def test_nothing_is_launched_outside_the_window(before, late_s):
    now = NOW + late_s * S
    acts = [act for each in before.desktops for act in acts_for(each, before, now, POLICY)]
    begins = from_text(before.begins)
    if Act.LAUNCH in acts or Act.PLACE in acts:
        assert not before.is_over
        assert now >= begins - POLICY.lead
        assert now < ends_at(before)
        assert before.joined_at is not None or now <= begins + POLICY.grace


@given(meetings(), ticks)
def test_each_side_has_one_living_desktop_at_most_that_is_the_newest(before, tick):
    living = [each for each in before.desktops if each.is_living]
    assume(all(before.desktop(each.role) == each for each in living))
    after = ticked(before, *tick)
    for role in MeetingRole:
        mine = [each for each in after.desktops if each.role is role and each.is_living]
        assert len(mine) <= 1
        assert not mine or after.desktop(role) == mine[0]


# -- the clock ------------------------------------------------------------------------------------


def test_desktops_are_wanted_from_ten_minutes_before_on():
    early = ticked(meeting(), None, -600.001)
    assert (early.desktops, early.status) == ((), Status.SCHEDULED)
    now = ticked(meeting(), None, -600)
    assert [(each.role, each.state) for each in now.desktops] == [
        (TEACHER, DesktopState.WANTED),
        (STUDENT, DesktopState.WANTED),
    ]


def test_the_window_of_the_first_launch_has_two_edges():
    policy = msgspec.structs.replace(POLICY, grace=timedelta(minutes=5))
    launches = {
        late_s: may_launch(meeting(), NOW + late_s * S, policy) for late_s in range(-900, 1200)
    }
    assert [late_s for late_s, may in launches.items() if may] == list(range(-600, 301))


def test_while_people_are_at_work_a_lost_desktop_is_made_again_until_the_end():
    assert may_launch(in_session(), NOW + 3599 * S, POLICY)
    assert not may_launch(in_session(), NOW + 3600 * S, POLICY)


def test_another_workspace_has_a_lead_of_its_own():
    policy = msgspec.structs.replace(POLICY, leads={"terminal": timedelta(minutes=1)})
    before = meeting(workspace="terminal")
    assert not may_launch(before, NOW - timedelta(minutes=2), policy)
    assert may_launch(before, NOW - timedelta(minutes=1), policy)


@pytest.mark.parametrize("late_s", [900, 901, 86_400])
def test_what_nobody_joined_expires_a_quarter_of_an_hour_after_its_beginning(late_s: float):
    before = meeting(desktops=both(DesktopState.HEALTHY), status=Status.HEALTHY)
    assert ticked(before, None, 899.999).status is Status.HEALTHY
    expired = ticked(before, None, late_s)
    assert (expired.status, expired.end_reason) == (Status.EXPIRED, clock_rules.NOBODY_CAME)


def test_a_short_meeting_nobody_joined_expires_with_its_end():
    before = meeting(minutes=5)
    assert ticked(before, None, 299).status is Status.SCHEDULED
    assert ticked(before, None, 300).status is Status.EXPIRED


def test_windows_count_from_when_it_was_scheduled_where_that_is_later():
    late = meeting(meet_time=text_at(-80_000), counts_from=text_at(0))
    assert len(ticked(late, None, 0).desktops) == 2
    assert ticked(late, None, 899).status is Status.SCHEDULED
    assert ticked(late, None, 900).status is Status.EXPIRED


def in_session(**fields) -> Meeting:
    values = {
        "desktops": both(DesktopState.HEALTHY),
        "status": Status.IN_PROGRESS,
        "joined_at": text_at(0),
        "joined_roles": (TEACHER, STUDENT),
    }
    return meeting(**values | fields)


def test_the_hard_end_ends_what_people_joined():
    assert ticked(in_session(), None, 3599).status is Status.IN_PROGRESS
    over = ticked(in_session(), None, 3600)
    assert (over.status, over.end_reason) == (Status.ENDED, clock_rules.TIME_IS_UP)
    assert ticked(in_session(extended_minutes=10), None, 4199).status is Status.IN_PROGRESS
    assert ticked(in_session(extended_minutes=10), None, 4200).status is Status.ENDED


def test_all_left_counts_from_the_last_leaver_and_not_before_the_safety_net():
    assert ticked(in_session(), 1200, 1799).status is Status.IN_PROGRESS
    over = ticked(in_session(), 1200, 1800)
    assert (over.status, over.end_reason) == (Status.ENDED, clock_rules.ALL_LEFT)
    assert ticked(in_session(), -300, 899).status is Status.IN_PROGRESS
    assert ticked(in_session(), -300, 900).status is Status.ENDED


def test_who_has_not_come_is_let_go_after_a_quarter_of_an_hour():
    alone = in_session(joined_roles=(TEACHER,))
    assert ticked(alone, None, 899).released == ()
    after = ticked(alone, None, 900)
    assert after.released == (STUDENT,)
    assert after.status is Status.IN_PROGRESS
    student = after.desktop(STUDENT)
    assert student
    assert student.state is DesktopState.DRAINING
    assert ticked(after, None, 1000).desktop(STUDENT) == student, "and no other is made"


def test_failures_in_a_row_end_in_failure():
    dying: Desktop = desktop(STUDENT, DesktopState.GONE, failures=POLICY.generations, reason="Why.")
    before = meeting(desktops=(desktop(TEACHER, DesktopState.HEALTHY), dying))
    failed = ticked(before, None, 10)
    assert failed.desktop(STUDENT).state is DesktopState.FAILED
    assert (failed.status, failed.end_reason) == (Status.FAILED, "Why.")


# -- people ---------------------------------------------------------------------------------------

LATER = MeetTime(NOW + timedelta(days=1), "2026-11-22T10:30:00", "Europe/Berlin")


def test_a_meeting_is_moved_before_anyone_joined_and_drains_what_was_launched():
    before = meeting(desktops=both(DesktopState.HEALTHY), status=Status.HEALTHY, sequence=2)
    after, told = life_rules.move(before, LATER, 45, SYSTEM, NOW, POLICY)
    moved, _ = decide(before, after, told, SYSTEM, NOW, POLICY)
    assert (moved.status, moved.sequence, moved.minutes) == (Status.SCHEDULED, 3, 45)
    assert (moved.local_time, moved.time_zone) == ("2026-11-22T10:30:00", "Europe/Berlin")
    assert {each.state for each in moved.desktops} == {DesktopState.DRAINING}
    with pytest.raises(Conflict):
        life_rules.move(in_session(), LATER, 45, SYSTEM, NOW, POLICY)


def test_a_meeting_is_cancelled_before_anyone_joined_and_ended_after():
    cancelled, _ = life_rules.cancel(meeting(), SYSTEM, NOW, POLICY)
    assert (cancelled.status, cancelled.sequence) == (Status.CANCELLED, 1)
    ended, _ = life_rules.end(in_session(), "Done.", SYSTEM, NOW, POLICY)
    assert (ended.status, ended.end_reason) == (Status.ENDED, "Done.")
    with pytest.raises(Conflict):
        life_rules.cancel(in_session(), SYSTEM, NOW, POLICY)
    with pytest.raises(Conflict):
        life_rules.end(meeting(), "Done.", SYSTEM, NOW, POLICY)


def test_an_extension_is_bounded_whole_and_only_in_session():
    longest = POLICY.max_extension_minutes
    once, _ = life_rules.extend(in_session(), longest - 10, SYSTEM, NOW, POLICY)
    with pytest.raises(Conflict, match="by 10 minutes at most"):
        life_rules.extend(once, 11, SYSTEM, NOW, POLICY)
    twice, _ = life_rules.extend(once, 10, SYSTEM, NOW, POLICY)
    assert twice.extended_minutes == longest
    for minutes in (0, -5):
        with pytest.raises(InvalidInput):
            life_rules.extend(in_session(), minutes, SYSTEM, NOW, POLICY)
    with pytest.raises(Conflict):
        life_rules.extend(meeting(), 5, SYSTEM, NOW, POLICY)


@pytest.mark.parametrize("status", sorted(ENDS))
def test_whatever_is_asked_of_a_meeting_that_is_over_is_gone(status: Status):
    over = meeting(status=status, ended_at=text_at(0), joined_at=text_at(0))
    for act in (
        lambda: life_rules.move(over, LATER, 45, SYSTEM, NOW, POLICY),
        lambda: life_rules.cancel(over, SYSTEM, NOW, POLICY),
        lambda: life_rules.end(over, "Done.", SYSTEM, NOW, POLICY),
        lambda: life_rules.extend(over, 5, SYSTEM, NOW, POLICY),
        lambda: life_rules.renew_links(over, SYSTEM, NOW, POLICY),
        lambda: life_rules.retry(over, TEACHER, SYSTEM, NOW, POLICY),
    ):
        with pytest.raises(Gone) as caught:
            act()
        assert caught.value.message == life_rules.OVER[status]


def test_what_only_the_clock_has_ended_so_far_is_gone_too():
    with pytest.raises(Gone):
        life_rules.extend(in_session(), 5, SYSTEM, NOW + timedelta(hours=1), POLICY)
    with pytest.raises(Gone):
        life_rules.cancel(meeting(), SYSTEM, NOW + POLICY.safety_net, POLICY)


def test_a_desktop_that_failed_is_made_anew_when_staff_retries():
    dead = desktop(STUDENT, DesktopState.FAILED, failures=3)
    before = in_session(
        desktops=(desktop(TEACHER, DesktopState.HEALTHY), dead), status=Status.DEGRADED
    )
    after, told = life_rules.retry(before, STUDENT, SYSTEM, NOW, POLICY)
    retried, _ = decide(before, after, told, SYSTEM, NOW, POLICY)
    again = ticked(retried, None, 1).desktop(STUDENT)
    assert again
    assert (again.state, again.generation, again.failures) == (DesktopState.WANTED, 2, 0)
