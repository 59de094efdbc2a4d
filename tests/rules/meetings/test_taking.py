"""What a student may take, move and call off by the teacher's rules."""

from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.booking import taking_rules
from quadrangle.meetings.booking.model import BookingRules, Slot
from quadrangle.meetings.booking.slot_rules import slot_at
from quadrangle.meetings.model import Meeting, Status, Workspace
from tests.rules.meetings.hours import FREELY, TEACHER_ID, every_day, hours, utc
from tests.rules.meetings.test_invitations import MEETING

BO = Principal("Bo", Role.STUDENT, "student-1")
START = utc(2027, 3, 2, 8)
MINUTE = timedelta(minutes=1)


def rules(**fields) -> BookingRules:
    return msgspec.structs.replace(FREELY, **fields)


def slot(of=None) -> Slot:
    found = slot_at(of or hours(), START, "UTC")
    assert found is not None
    return found


def meeting(**fields) -> Meeting:
    usual = {"teacher_id": TEACHER_ID, "student_id": BO.account_id, "meet_time": to_text(START)}
    return msgspec.structs.replace(MEETING, **usual | fields)


# -- who --------------------------------------------------------------------------------------


def test_whoever_is_signed_in_takes_hours_but_not_their_own():
    assert taking_rules.require_student(hours(), BO) == BO.account_id
    with pytest.raises(NotSignedIn):
        taking_rules.require_student(hours(), ANYONE)
    with pytest.raises(Forbidden):
        taking_rules.require_student(hours(), Principal("Ada", Role.TEACHER, TEACHER_ID))


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (ANYONE, NotSignedIn),
        (Principal("Cy", Role.STUDENT, "student-2"), NotFound),
        (Principal("Ada", Role.TEACHER, TEACHER_ID), Forbidden),
        (Principal("Sam", Role.STAFF, "staff-1"), Forbidden),
    ],
)
def test_a_meeting_is_its_students_to_change_here(actor, refusal):
    assert taking_rules.require_student_of(meeting(), BO) == BO.account_id
    with pytest.raises(refusal):
        taking_rules.require_student_of(meeting(), actor)


def test_a_workspace_is_one_that_is_offered():
    of = hours(rules=rules(workspaces=(Workspace.TERMINAL,)))
    assert taking_rules.workspace_of(of, None) is Workspace.TERMINAL
    assert taking_rules.workspace_of(of, Workspace.TERMINAL) is Workspace.TERMINAL
    with pytest.raises(InvalidInput, match="offers: terminal"):
        taking_rules.workspace_of(of, Workspace.DESKTOP)


# -- when -------------------------------------------------------------------------------------


def test_an_hour_is_taken_up_to_the_notice():
    of = hours(rules=rules(booking_notice=720))
    taking_rules.require_bookable(of, slot(of), START - 720 * MINUTE)
    with pytest.raises(Conflict, match="taken up to 12 hours before"):
        taking_rules.require_bookable(of, slot(of), START - 719 * MINUTE)


def test_an_hour_is_taken_up_to_the_horizon():
    of = hours(rules=rules(days_ahead=1))
    taking_rules.require_bookable(of, slot(of), START - timedelta(days=1) + MINUTE)
    with pytest.raises(Conflict, match="up to 1 day ahead"):
        taking_rules.require_bookable(of, slot(of), START - timedelta(days=1))


@pytest.mark.parametrize(
    ("require", "field", "said"),
    [
        (taking_rules.require_movable, "moving_notice", "moved up to 2 days before"),
        (taking_rules.require_cancellable, "cancelling_notice", "called off up to 2 days before"),
    ],
)
def test_a_meeting_is_changed_up_to_the_notice(require, field, said):
    wanted = rules(**{field: 2 * 24 * 60})
    require(wanted, meeting(), START - timedelta(days=2))
    with pytest.raises(Conflict, match=said):
        require(wanted, meeting(), START - timedelta(days=2) + MINUTE)


def test_without_notice_a_meeting_is_changed_until_it_begins():
    taking_rules.require_movable(rules(), meeting(), START)
    with pytest.raises(Conflict, match="It has begun"):
        taking_rules.require_movable(rules(), meeting(), START + MINUTE)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "1 minute"),
        (90, "90 minutes"),
        (60, "1 hour"),
        (720, "12 hours"),
        (1440, "1 day"),
        (2880, "2 days"),
    ],
)
def test_notices_are_said_as_people_say_them(minutes, said):
    assert taking_rules.spoken(minutes) == said


# -- how many ---------------------------------------------------------------------------------


def test_a_week_has_as_many_hours_as_the_teacher_gives():
    of = hours(rules=rules(weekly_limit=2))
    other_teacher = meeting(teacher_id="teacher-2")
    gone = [meeting(status=Status.CANCELLED), meeting(status=Status.FAILED)]
    taking_rules.require_below_limit(of, [meeting(), other_teacher, *gone])
    # nobody came, but the teacher's hour was taken
    for second in (meeting(), meeting(status=Status.EXPIRED), meeting(status=Status.ENDED)):
        with pytest.raises(Conflict, match="2 hours a week"):
            taking_rules.require_below_limit(of, [meeting(), second])
    taking_rules.require_below_limit(hours(), [meeting()] * 50)


def test_a_week_is_one_of_the_teachers_clocks():
    of = hours("Pacific/Auckland", weekly=every_day("00:00", "24:00"), rules=rules(weekly_limit=1))
    first = slot_at(of, utc(2027, 3, 7, 11), "UTC")  # Monday, 00:00 there
    assert first is not None
    begins, ends = taking_rules.week_of(of, first)
    assert (begins, ends) == (utc(2027, 3, 7, 11), utc(2027, 3, 14, 11))
    assert taking_rules.seats(of, first, "a") == taking_rules.seats(of, first, "a")


def test_there_are_as_many_places_in_a_week_as_hours():
    of = hours(rules=rules(weekly_limit=50))
    seats = taking_rules.seats(of, slot(of), "student-1")
    assert len(seats) == 50
    assert len({seat.teacher_id for seat in seats}) == 1
    for one, next_one in pairwise(seats):
        assert one.ends_at <= next_one.begins_at
    assert seats[0].teacher_id != taking_rules.seats(of, slot(of), "student-2")[0].teacher_id
    assert taking_rules.seats(hours(), slot(), "student-1") == []


@given(gap=st.integers(0, 90), buffer=st.integers(0, 60))
def test_claims_keep_the_buffer_free_and_no_more(gap, buffer):
    of = hours(rules=rules(buffer=buffer))
    first = slot()
    begins = from_text(first.ends_at) + gap * MINUTE
    second = Slot(to_text(begins), to_text(begins + 60 * MINUTE), "", "")
    one, other = (taking_rules.hours_taken(of, each, "student-1") for each in (first, second))
    assert (one[0].ends_at <= other[0].begins_at) == (gap >= buffer)
    assert one[1].ends_at <= other[1].begins_at


def test_only_what_is_not_over_takes_time():
    found = taking_rules.busy_with(
        [meeting(minutes=45, extended_minutes=15), meeting(status=Status.CANCELLED)], buffer=10
    )
    (busy,) = found
    assert (busy.starts_at, busy.ends_at) == (
        "2027-03-02T07:50:00.000Z",
        "2027-03-02T09:10:00.000Z",
    )
    assert taking_rules.busy_with([meeting()], buffer=0, but=meeting().meeting_id) == []
