"""Who may enter, and what those hear who wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.meetings.joining import rules as join_rules
from quadrangle.meetings.joining.rules import Stage
from quadrangle.meetings.model import DesktopState, MeetingRole, Status
from tests.rules.meetings.made import (
    NOW,
    POLICY,
    STUDENT,
    TEACHER,
    S,
    both,
    desktop,
    meeting,
    meetings,
    roles,
    seconds,
    text_at,
)

READY = meeting(desktops=both(DesktopState.HEALTHY), status=Status.HEALTHY)


@given(meetings(), roles)
def test_who_enters_has_a_healthy_desktop_that_a_name_leads_to(before, role: MeetingRole):
    if join_rules.can_enter(before, role):
        mine = before.desktop(role)
        assert mine
        assert (mine.state, bool(mine.link)) == (DesktopState.HEALTHY, True)


def test_nobody_is_first_before_both_are_ready():
    halves = (desktop(TEACHER, DesktopState.HEALTHY), desktop(STUDENT, DesktopState.ROUTED))
    before = meeting(desktops=halves, status=Status.DNS_WRITTEN)
    assert not join_rules.can_enter(before, TEACHER)
    joined = meeting(desktops=halves, status=Status.DEGRADED, joined_at=text_at(0))
    assert join_rules.can_enter(joined, TEACHER)
    assert not join_rules.can_enter(joined, STUDENT)


def test_joining_again_is_the_same_join():
    once, told = join_rules.join(READY, STUDENT, NOW)
    assert [(each.kind, each.data) for each in told] == [("meeting.joined", {"role": "student"})]
    assert (once.joined_at, once.joined_roles) == (text_at(0), (STUDENT,))
    assert join_rules.join(once, STUDENT, NOW + 60 * S) == (once, [])
    other, _ = join_rules.join(once, TEACHER, NOW + 60 * S)
    assert (other.joined_at, other.joined_roles) == (text_at(0), (STUDENT, TEACHER))


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("WANTED", Stage.STARTING),
        ("LAUNCHING", Stage.BOOTING),
        ("RUNNING", Stage.CONNECTING),
        ("ROUTED", Stage.CHECKING),
        ("HEALTHY", Stage.OTHER_SIDE),
        ("DRAINING", Stage.STARTING),
        ("GONE", Stage.STARTING),
        ("FAILED", Stage.FAILED),
    ],
)
def test_those_who_wait_hear_how_far_theirs_has_come(state: str, stage: Stage):
    before = meeting(desktops=both(DesktopState(state)))
    assert join_rules.stage_of(before, STUDENT, NOW, POLICY) is stage


def eta(before, took_s: list[float], late_s: float = 0) -> int:
    return join_rules.eta_s(before, STUDENT, took_s, NOW + late_s * S, POLICY)


def test_the_time_left_is_learnt_from_earlier_launches():
    launching = meeting(desktops=both(DesktopState.LAUNCHING))
    assert eta(launching, [20, 30, 100]) == 30
    assert eta(launching, [20, 30, 100], late_s=25) == 65 - 25
    assert eta(launching, [20, 30, 100], late_s=50) == 50
    assert eta(launching, [], late_s=0) == POLICY.typical_launch.total_seconds()


def test_longer_than_ever_is_an_honest_short_while_at_a_time():
    launching = meeting(desktops=both(DesktopState.LAUNCHING))
    assert eta(launching, [20, 30], late_s=200) == POLICY.check_every.total_seconds()


def test_before_its_time_the_wait_counts_too():
    assert eta(meeting(), [20], late_s=-3600) == 3600 - 600 + 20


@given(meetings(), roles, st.lists(st.floats(0, 10_000), max_size=5), seconds)
def test_the_time_left_is_at_least_a_second(before, role, took_s, late_s):
    assert join_rules.eta_s(before, role, took_s, NOW + late_s * S, POLICY) >= 1
