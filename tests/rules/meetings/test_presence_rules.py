"""Who was there, from when to when."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.clock import from_text
from quadrangle.meetings.model import MeetingRole, Status
from quadrangle.meetings.presence.model import Connection
from quadrangle.meetings.presence.rules import attendance, left_at
from tests.rules.meetings.made import NOW, POLICY, STUDENT, TEACHER, S, meeting, text_at

JOINED = meeting(joined_at=text_at(0), joined_roles=(TEACHER, STUDENT))


def connection(begun: float, ended: float | None, role: MeetingRole = TEACHER, seen=None):
    seen = ended if seen is None else seen
    return Connection(
        f"{begun}-{ended}-{role}",
        "meeting-1",
        role,
        "desktop",
        text_at(begun),
        text_at(begun if seen is None else seen),
        None if ended is None else text_at(ended),
    )


def test_before_anyone_joined_nobody_left():
    assert left_at(meeting(), [connection(0, 10)], NOW + 60 * S, POLICY) is None


def test_who_joined_and_never_connected_left_at_once():
    assert left_at(JOINED, [], NOW + 60 * S, POLICY) == NOW


def test_the_last_leaver_counts():
    connections = [connection(0, 100), connection(10, 50, STUDENT), connection(60, 70, STUDENT)]
    assert left_at(JOINED, connections, NOW + 200 * S, POLICY) == NOW + 100 * S


def test_while_one_is_there_nobody_left():
    connections = [connection(0, 100), connection(10, None, STUDENT, seen=190)]
    assert left_at(JOINED, connections, NOW + 200 * S, POLICY) is None


def test_who_went_silent_left_when_last_heard_of():
    silent = [connection(0, None, seen=50)]
    after_s = POLICY.silent_after.total_seconds()
    assert left_at(JOINED, silent, NOW + (50 + after_s - 1) * S, POLICY) is None
    assert left_at(JOINED, silent, NOW + (50 + after_s) * S, POLICY) == NOW + 50 * S


def test_a_reload_is_one_stay_and_an_absence_is_two():
    gap_s = POLICY.reload_gap.total_seconds()
    reloads = [connection(0, 100), connection(100 + gap_s, 200)]
    away = [connection(201 + gap_s, 400)]
    teacher, student = attendance(JOINED, reloads + away, NOW + 500 * S, POLICY)
    assert [(stay.came_at, stay.left_at) for stay in teacher.stays] == [
        (text_at(0), text_at(200)),
        (text_at(201 + gap_s), text_at(400)),
    ]
    assert teacher.seconds == 200 + 400 - 201 - gap_s
    assert (student.stays, student.seconds) == ((), 0)


def test_two_windows_at_once_are_one_stay():
    both = [connection(0, 100), connection(20, 40), connection(50, None, seen=110)]
    teacher, _ = attendance(JOINED, both, NOW + 120 * S, POLICY)
    (stay,) = teacher.stays
    assert (stay.came_at, stay.left_at, teacher.seconds) == (text_at(0), None, 120)


def test_who_never_came_is_a_no_show_once_it_is_over():
    alone = msgspec.structs.replace(JOINED, joined_roles=(TEACHER,))
    assert not any(each.no_show for each in attendance(alone, [], NOW, POLICY))
    over = msgspec.structs.replace(alone, status=Status.ENDED, ended_at=text_at(60))
    teacher, student = attendance(over, [], NOW, POLICY)
    assert (teacher.no_show, student.no_show) == (False, True)


def test_what_ended_unseen_ended_with_the_meeting():
    """Such as with a server that was killed."""
    over = msgspec.structs.replace(JOINED, status=Status.ENDED, ended_at=text_at(60))
    teacher, _ = attendance(over, [connection(0, None, seen=50)], NOW + 62 * S, POLICY)
    (stay,) = teacher.stays
    assert (stay.left_at, teacher.seconds) == (text_at(60), 60)


spans = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 600)), max_size=8)


@given(spans)
def test_stays_are_in_order_apart_and_hold_every_connection(made: list[tuple[int, int]]):
    connections = [connection(begun, begun + length) for begun, length in made]
    teacher, _ = attendance(JOINED, connections, NOW + 4000 * S, POLICY)
    ends = [NOW - 100 * S]
    for stay in teacher.stays:
        assert stay.left_at
        assert from_text(stay.came_at) > ends[-1] + POLICY.reload_gap
        ends.append(from_text(stay.left_at))
    for each in connections:
        assert any(
            stay.came_at <= each.begun_at and each.ended_at <= (stay.left_at or "")
            for stay in teacher.stays
        )
