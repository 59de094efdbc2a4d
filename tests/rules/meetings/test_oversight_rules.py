"""What desktops ran for, and which meetings are stuck and why."""

from datetime import timedelta

import pytest

from quadrangle.kernel.errors import Gone, InvalidInput
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings import life_rules
from quadrangle.meetings.model import DesktopState, Status
from quadrangle.meetings.oversight.rules import stuck_at, use_of
from tests.rules.meetings.made import (
    NOW,
    POLICY,
    STUDENT,
    TEACHER,
    both,
    desktop,
    meeting,
    text_at,
)

STAFF = Principal("Bo", Role.STAFF, "account-bo")
HOUR = 3600


def test_a_desktop_is_used_from_its_launch_until_it_is_gone():
    ran = desktop(TEACHER, DesktopState.GONE, -HOUR, launched_at=text_at(-2.5 * HOUR))
    runs = desktop(STUDENT, DesktopState.HEALTHY, -HOUR)
    never = desktop(STUDENT, DesktopState.WANTED, -HOUR, generation=2)
    use = use_of(meeting(desktops=(ran, runs, never)), NOW, POLICY)
    assert [each.hours for each in use.desktops] == [1.5, 1.0, 0.0]
    assert use.hours == 2.5


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        (DesktopState.WANTED, 4, "waiting to be launched for 4 minutes"),
        (DesktopState.LAUNCHING, 9, "has been launching for 9 minutes"),
        (DesktopState.RUNNING, 9, "has not answered for 9 minutes"),
        (DesktopState.DRAINING, 6, "has not ended for 6 minutes"),
        (DesktopState.TERMINATING, 6, "has not ended for 6 minutes"),
    ],
)
def test_what_takes_longer_than_its_clock_is_stuck(state, minutes, words):
    def stuck(after):
        slow = desktop(TEACHER, state, -60 * after)
        well = desktop(STUDENT, DesktopState.HEALTHY)
        return stuck_at(meeting(desktops=(slow, well)), NOW, POLICY)

    (said,) = stuck(minutes)
    assert said.startswith("The desktop of the teacher ")
    assert words in said
    assert stuck(1) == ()


def test_a_desktop_that_cannot_be_made_says_why():
    failed = desktop(TEACHER, DesktopState.FAILED, reason="There is no room.")
    joined = meeting(
        desktops=(failed, desktop(STUDENT, DesktopState.HEALTHY)), joined_at=text_at(-60)
    )
    assert stuck_at(joined, NOW, POLICY) == (
        "The desktop of the teacher cannot be made. There is no room.",
    )


def test_what_nobody_looks_at_is_stuck():
    """As where the worker does not run."""
    assert stuck_at(meeting(), NOW, POLICY) == (
        "The desktop of the teacher has not been asked for, though it is time.",
        "The desktop of the student has not been asked for, though it is time.",
    )
    early = NOW - POLICY.lead + timedelta(minutes=1)
    assert stuck_at(meeting(), early, POLICY) == ()
    assert stuck_at(meeting(counts_from=text_at(-60)), NOW, POLICY) == ()  # scheduled just now
    late = NOW + timedelta(hours=3)
    assert stuck_at(meeting(), late, POLICY) == (
        "It should be over by now, and nothing has ended it.",
    )


def test_a_healthy_meeting_is_not_stuck():
    assert stuck_at(meeting(desktops=both(DesktopState.HEALTHY)), NOW, POLICY) == ()


def test_staff_ends_a_meeting_whatever_it_is_at():
    for joined_at, status in ((None, Status.CANCELLED), (text_at(-60), Status.ENDED)):
        before = meeting(desktops=both(DesktopState.HEALTHY), joined_at=joined_at)
        over, told = life_rules.force_end(before, "The room burns.", STAFF, NOW)
        assert (over.status, over.ended_at) == (status, text_at(0))
        assert over.end_reason == "Staff ended the meeting. The room burns."
        assert over.sequence == (0 if joined_at else 1)
        assert {each.state for each in over.desktops} == {DesktopState.DRAINING}
        assert told[0].kind == "meeting.force-ended"
        # what somebody typed is no detail of the audit
        assert all("burns" not in str(change.data) for change in told)
        with pytest.raises(Gone):
            life_rules.force_end(over, "Again.", STAFF, NOW)


def test_an_end_needs_a_reason():
    for text in ("", "  ", "x" * 301):
        with pytest.raises(InvalidInput):
            life_rules.forced_reason(text)


def test_ends_absorb_a_retry():
    over = meeting(status=Status.FAILED, desktops=both(DesktopState.GONE))
    with pytest.raises(Gone):
        life_rules.look_again(over, STAFF, NOW)
    with pytest.raises(Gone):
        life_rules.retry(over, TEACHER, STAFF, NOW, POLICY)
    ending = meeting(status=Status.ENDED, desktops=both(DesktopState.TERMINATING))
    looked_at, told = life_rules.look_again(ending, STAFF, NOW)
    assert looked_at == ending
    assert [each.kind for each in told] == ["meeting.retried"]
