"""The life of one desktop holds for any desktop and anything that is found out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.meetings.desktops import desktop_rules, end_rules, launch_rules
from quadrangle.meetings.desktops.findings_model import (
    Answered,
    Finding,
    Launched,
    NotFound,
    NotMade,
    Placed,
    Pointed,
    Seen,
    Spent,
    Unrouted,
)
from quadrangle.meetings.desktops.model import MachineState, Placement
from quadrangle.meetings.desktops.token_rules import token_of
from quadrangle.meetings.model import Desktop, DesktopState, MeetingRole
from tests.rules.meetings.made import (
    NOW,
    POLICY,
    TEACHER,
    attempt,
    desktop,
    desktops_of,
    findings,
    machine,
    meeting,
    roles,
    seconds,
)

_ON = [
    DesktopState.WANTED,
    DesktopState.LAUNCHING,
    DesktopState.RUNNING,
    DesktopState.ROUTED,
    DesktopState.HEALTHY,
]
_OFF = [DesktopState.DRAINING, DesktopState.TERMINATING, DesktopState.GONE]
_S = timedelta(seconds=1)


def after(before: Desktop, finding: Finding, late_s: float = 0) -> Desktop:
    now = NOW + timedelta(seconds=late_s)
    return desktop_rules.after(before, finding, meeting(), now, POLICY)


any_desktops = roles.flatmap(desktops_of)


@given(any_desktops, findings, seconds)
def test_whatever_is_found_out_again_changes_nothing_more(before, finding, late_s):
    once = after(before, finding, late_s)
    if isinstance(finding, Seen) and finding.machine and finding.machine.address != once.address:
        return  # an address that changed
    twice = after(once, finding, late_s)
    if isinstance(finding, Answered):
        assert twice.failed_checks == once.failed_checks
    if isinstance(finding, Placed | Launched | NotMade | Spent | Pointed):
        assert twice == once


@given(any_desktops, findings, seconds)
def test_what_is_being_ended_never_lives_again(before, finding, late_s):
    found = after(before, finding, late_s)
    if before.state in _OFF:
        assert found.state in _OFF
        assert _OFF.index(found.state) >= _OFF.index(before.state)
    if before.is_settled:
        assert found == before


@given(any_desktops, findings, seconds)
def test_nobody_becomes_healthy_but_by_an_answer(before, finding, late_s):
    found = after(before, finding, late_s)
    if found.state is DesktopState.HEALTHY and before.state is not DesktopState.HEALTHY:
        assert finding == Answered(True)
        assert before.state is DesktopState.ROUTED


@given(any_desktops, findings, seconds)
def test_a_desktop_is_gone_only_with_its_name(before, finding, late_s):
    found = after(before, finding, late_s)
    if found.state is DesktopState.GONE and before.state is not DesktopState.GONE:
        assert found.address is None


@given(any_desktops, seconds)
def test_what_the_provider_does_not_know_ends_nothing_that_runs(before, late_s):
    found = after(before, Seen(None), late_s)
    if before.state in (DesktopState.RUNNING, DesktopState.ROUTED, DesktopState.HEALTHY):
        assert found == before


@given(any_desktops, findings)
def test_role_and_generation_stay(before, finding):
    found = after(before, finding)
    assert (found.role, found.generation) == (before.role, before.generation)


@given(any_desktops)
def test_what_is_drained_is_on_its_way_out(before):
    drained = end_rules.drained(before, "Why.", NOW)
    assert not drained.is_living
    if before.is_living:
        assert drained.reason == "Why."
        if drained.state is DesktopState.GONE:
            assert before.state is DesktopState.WANTED
    else:
        assert drained == before


@given(st.text(), roles, st.integers(1, 99), st.integers(1, 99))
def test_a_token_is_one_launchs_alone_and_fits_ec2(meeting_id: str, role: MeetingRole, g, a):
    token = token_of(meeting_id, role, g, a)
    assert len(token) <= 64
    assert token.isascii()
    assert token == token_of(meeting_id, role, g, a)
    others = {token_of(meeting_id, role, g + 1, a), token_of(meeting_id, role, g, a + 1)}
    others |= {token_of(meeting_id, other, g, a) for other in MeetingRole if other is not role}
    assert token not in others


def launching(number: int = 1, late_s: float = 0) -> Desktop:
    return desktop(TEACHER, DesktopState.LAUNCHING, late_s, attempt=attempt(number, late_s))


def test_an_attempt_keeps_all_that_is_needed_to_repeat_it():
    begun = after(desktop(TEACHER, DesktopState.WANTED), Placed(Placement("zone-b", "t3.large")))
    assert begun.state is DesktopState.LAUNCHING
    assert begun.attempt
    assert (begun.attempt.number, begun.attempt.zone) == (1, "zone-b")
    assert begun.attempt.machine_type == "t3.large"
    assert begun.attempt.token == token_of("meeting-1", TEACHER, 1, 1)
    # an hour, the longest extension and the grace
    assert begun.attempt.ends_at == "2026-11-21T11:45:00.000Z"


def test_an_answer_to_an_earlier_attempt_says_nothing_of_this_one():
    second = launching(2)
    for finding in (Launched(1, "i-old"), NotMade(1, "No room."), Spent(1), NotFound(1)):
        assert after(second, finding, 3600) == second


def test_without_room_another_attempt_follows_until_they_are_used_up():
    again = after(launching(1), NotMade(1, "There is no room."))
    assert (again.state, again.reason) == (DesktopState.WANTED, "There is no room.")
    second = after(again, Placed(Placement("zone-b")))
    assert second.attempt
    assert second.attempt.number == 2
    last = after(launching(POLICY.attempts), NotMade(POLICY.attempts, "There is no room."))
    assert last.state is DesktopState.FAILED


def test_what_is_refused_is_not_tried_again():
    assert after(launching(), NotMade(1, "No.", final=True)).state is DesktopState.FAILED


@pytest.mark.parametrize("found", [NotFound(1), Seen(None)])
def test_not_found_says_nothing_within_the_boot_clock(found: Finding):
    before = launching()
    if isinstance(found, Seen):
        before = after(before, Launched(1, "i-teacher"))
    clock_s = POLICY.boot_clock.total_seconds()
    assert after(before, found, clock_s - 0.001) == before
    lost = after(before, found, clock_s)
    assert (lost.state, lost.reason) == (DesktopState.TERMINATING, end_rules.NOT_STARTED)
    assert lost.failures == 1


def test_a_machine_that_only_starts_past_its_clock_is_lost():
    before = after(launching(), Launched(1, "i-teacher"))
    starting = Seen(machine(TEACHER, MachineState.STARTING, None))
    clock_s = POLICY.boot_clock.total_seconds()
    assert after(before, starting, clock_s - 0.001) == before
    assert after(before, starting, clock_s).state is DesktopState.TERMINATING


def test_a_desktop_that_does_not_answer_past_its_clock_is_lost():
    before = desktop(TEACHER, DesktopState.ROUTED)
    clock_s = POLICY.health_clock.total_seconds()
    assert after(before, Answered(False), clock_s - 0.001) == before
    lost = after(before, Answered(False), clock_s)
    assert (lost.state, lost.reason) == (DesktopState.DRAINING, end_rules.NOT_ANSWERING)


def test_a_machine_without_an_address_past_its_clock_is_lost():
    before = desktop(TEACHER, DesktopState.RUNNING, address=None)
    running = Seen(machine(TEACHER, MachineState.RUNNING, None))
    clock_s = POLICY.health_clock.total_seconds()
    assert after(before, running, clock_s - 0.001) == before
    assert after(before, running, clock_s).state is DesktopState.TERMINATING


def test_checks_that_fail_in_a_row_are_counted_at_their_distance():
    found = desktop(TEACHER, DesktopState.HEALTHY)
    every_s = POLICY.check_every.total_seconds()
    for number in range(POLICY.failed_checks):
        assert (found.state, found.failed_checks) == (DesktopState.HEALTHY, number)
        found = after(found, Answered(False), number * every_s)
        assert after(found, Answered(False), number * every_s + 1) == found
    assert (found.state, found.reason) == (DesktopState.DRAINING, end_rules.STOPPED_ANSWERING)
    assert found.failures == 0, "it had been healthy"


def test_an_answer_forgets_the_checks_that_failed():
    failing = after(desktop(TEACHER, DesktopState.HEALTHY), Answered(False))
    assert after(failing, Answered(True), 20).failed_checks == 0


def test_a_name_must_lead_to_the_present_address():
    running = desktop(TEACHER, DesktopState.RUNNING)
    assert after(running, Pointed("10.0.0.9", "https://x")) == running
    routed = after(running, Pointed("10.0.0.1", "https://x"))
    assert (routed.state, routed.link) == (DesktopState.ROUTED, "https://x")


@pytest.mark.parametrize("state", [DesktopState.ROUTED, DesktopState.HEALTHY])
def test_a_machine_that_has_another_address_is_pointed_at_anew(state: DesktopState):
    moved = after(desktop(TEACHER, state), Seen(machine(TEACHER, MachineState.RUNNING, "10.0.0.9")))
    assert (moved.state, moved.address, moved.link) == (DesktopState.RUNNING, "10.0.0.9", None)


@pytest.mark.parametrize("state", _ON[2:])
def test_a_machine_that_ended_leaves_its_name_to_be_taken_off(state: DesktopState):
    gone = Seen(machine(TEACHER, MachineState.GONE, None))
    lost = after(desktop(TEACHER, state), gone)
    assert lost.state is DesktopState.DRAINING
    off = after(lost, Unrouted())
    assert (off.state, off.address, off.link) == (DesktopState.TERMINATING, None, None)
    assert after(off, gone).state is DesktopState.GONE


def test_one_whose_machine_ended_before_it_had_a_name_is_gone_at_once():
    made = after(launching(), Launched(1, "i-teacher"))
    gone = after(made, Seen(machine(TEACHER, MachineState.GONE, None)))
    assert (gone.state, gone.failures) == (DesktopState.GONE, 1)


def test_a_name_that_cannot_be_taken_off_holds_the_machine_until_a_clock():
    draining = end_rules.drained(desktop(TEACHER, DesktopState.HEALTHY), "Over.", NOW)
    early = NOW + POLICY.drain_clock - _S
    assert end_rules.clocked(draining, early, POLICY) == draining
    late = end_rules.clocked(draining, NOW + POLICY.drain_clock, POLICY)
    assert (late.state, late.address) == (DesktopState.TERMINATING, "10.0.0.1")
    gone = Seen(machine(TEACHER, MachineState.GONE, None))
    assert after(late, gone).state is DesktopState.TERMINATING, "its name is there still"
    assert after(after(late, Unrouted()), gone).state is DesktopState.GONE


def test_a_machine_made_meanwhile_is_known_to_what_is_being_ended():
    ending = end_rules.drained(launching(), "Cancelled.", NOW)
    assert launch_rules.fits(ending, Launched(1, "i-9"))
    assert after(ending, Launched(1, "i-9")).machine_id == "i-9"
    other = end_rules.drained(launching(2), "Cancelled.", NOW)
    assert not launch_rules.fits(other, Launched(1, "i-9"))
    gone = desktop(TEACHER, DesktopState.GONE, attempt=attempt(1))
    assert not launch_rules.fits(gone, Launched(1, "i-9"))


def test_what_was_definitely_not_made_need_not_be_looked_for():
    ending = end_rules.drained(launching(), "Cancelled.", NOW)
    assert after(ending, NotMade(1, "There is no room.")).state is DesktopState.GONE
    assert after(ending, NotFound(1), 10) == ending
    clock_s = POLICY.boot_clock.total_seconds()
    assert after(ending, NotFound(1), clock_s).state is DesktopState.GONE
