"""Who may do what on whose desktop, whatever both do and in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import Act, Control, Help
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.ports import Right

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
WHO = Principal("Ada")
SIDES = st.sampled_from(list(MeetingRole))


def done(control: Control, *acts: tuple[MeetingRole, Act]) -> Control:
    for side, act in acts:
        control, _ = rules.act(control, side, act, WHO, NOW)
    return control


def watched(control: Control, side: MeetingRole = TEACHER, connection: str = "c1") -> Control:
    return rules.watch(control, side, connection, WHO, NOW)[0]


class Meeting(RuleBasedStateMachine):
    """Both press whatever there is, connections come and go, and servers die."""

    def __init__(self) -> None:
        super().__init__()
        self.control = Control("m1")
        self.now = NOW
        self.consent = False  # what the student said last, for this look over the shoulder
        self.made = 0

    def _take(self, decision: rules.Decision, changed: bool | None = None) -> None:
        after, facts = decision
        assert after.version == self.control.version + (after != self.control)
        assert len(facts) <= 1
        if changed is not None:
            assert bool(facts) is changed
        self.control = after

    @rule(side=SIDES, act=st.sampled_from(list(Act)))
    def act(self, side: MeetingRole, act: Act) -> None:
        before = self.control
        try:
            self._take(rules.act(self.control, side, act, WHO, self.now))
        except QuadrangleError as error:
            assert act is not Act.TAKE_BACK or side is TEACHER or isinstance(error, Gone)
            return
        if side is STUDENT and act in (Act.CALL, Act.ALLOW):
            self.consent = True
        if (side is STUDENT and act in (Act.TAKE_BACK, Act.REFUSE)) or act is Act.HAND_BACK:
            self.consent = before.help is Help.CALLED and act is Act.HAND_BACK
        if act is Act.TAKE_BACK:
            assert self.control.help is Help.NONE

    @rule(side=SIDES)
    def watch(self, side: MeetingRole) -> None:
        self.made += 1
        allowed = side is TEACHER or self.control.shared
        try:
            self._take(
                rules.watch(self.control, side, f"c{self.made}", WHO, self.now), changed=True
            )
        except (Conflict, Gone):
            return
        except Forbidden:
            assert not allowed
            return
        assert allowed

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        known = [viewer.connection_id for viewer in self.control.viewers]
        going = data.draw(st.sampled_from([*known, "unknown"]))
        self._take(rules.leave(self.control, [going], WHO, self.now))
        if TEACHER not in self.control.watchers() and self.control.help is not Help.CALLED:
            self.consent = False

    @rule(seconds=st.integers(0, 100), kept=st.integers(0, 3))
    def wait(self, seconds: int, kept: int) -> None:
        """Time passes; only some connections are still noted as open."""
        self.now += timedelta(seconds=seconds)
        alive = [viewer.connection_id for viewer in self.control.viewers[:kept]]
        self._take(rules.seen(self.control, alive, self.now), changed=False)
        self._take(rules.forget_silent(self.control, self.now))
        if TEACHER not in self.control.watchers() and self.control.help is not Help.CALLED:
            self.consent = False
        latest = to_text(self.now - rules.SILENT_AFTER)
        assert all(viewer.seen_at >= latest for viewer in self.control.viewers)

    @rule(chance=st.integers(0, 9))
    def end(self, chance: int) -> None:
        if chance == 0:
            self._take(rules.end(self.control, self.now))

    @invariant()
    def one_hand_at_a_time(self) -> None:
        student = rules.right(self.control, STUDENT, STUDENT)
        teacher = rules.right(self.control, TEACHER, STUDENT)
        assert (student is Right.CONTROL) != (teacher is Right.CONTROL)
        assert rules.right(self.control, TEACHER, TEACHER) is Right.CONTROL

    @invariant()
    def nobody_helps_without_consent_and_without_being_seen(self) -> None:
        if rules.right(self.control, TEACHER, STUDENT) is Right.CONTROL:
            assert self.consent
            assert TEACHER in self.control.watchers()

    @invariant()
    def a_student_sees_what_is_shared_and_touches_nothing(self) -> None:
        right = rules.right(self.control, STUDENT, TEACHER)
        assert right is (Right.WATCH if self.control.shared and not self.control.over else None)
        assert self.control.shared or STUDENT not in self.control.watchers()

    @invariant()
    def an_end_is_the_end(self) -> None:
        if self.control.over:
            assert self.control.viewers == ()
            assert rules.right(self.control, TEACHER, STUDENT) is None
            assert rules.right(self.control, STUDENT, STUDENT) is Right.CONTROL


TestMeeting = Meeting.TestCase


def test_the_teacher_is_let_in_by_the_students_answer_and_sent_back():
    control = done(watched(Control("m1")), (TEACHER, Act.ASK))
    assert control.help is Help.ASKED
    assert rules.right(control, TEACHER, STUDENT) is Right.WATCH
    control = done(control, (STUDENT, Act.ALLOW))
    assert rules.right(control, TEACHER, STUDENT) is Right.CONTROL
    assert rules.right(control, STUDENT, STUDENT) is Right.WATCH
    control = done(control, (STUDENT, Act.TAKE_BACK))
    assert rules.right(control, TEACHER, STUDENT) is Right.WATCH
    assert rules.right(control, STUDENT, STUDENT) is Right.CONTROL


def test_a_student_who_calls_for_help_need_not_be_asked():
    control = done(Control("m1"), (STUDENT, Act.CALL))
    assert control.help is Help.CALLED
    assert done(watched(control), (TEACHER, Act.ASK)).help is Help.GIVEN


def test_a_hand_ends_with_the_connection_it_hangs_on():
    control = done(watched(Control("m1")), (TEACHER, Act.ASK), (STUDENT, Act.ALLOW))
    control = watched(control, connection="c2")
    control, _ = rules.leave(control, ["c1"], WHO, NOW)
    assert control.help is Help.GIVEN, "another window is open still"
    control, facts = rules.leave(control, ["c2"], WHO, NOW)
    assert control.help is Help.NONE
    assert facts[0].data == {"what": "leave", "help": "none", "shared": False, "watching": []}


def test_who_does_not_look_cannot_ask():
    with pytest.raises(Conflict):
        done(Control("m1"), (TEACHER, Act.ASK))


@pytest.mark.parametrize("act", list(Act))
def test_nobody_does_what_is_the_other_sides_to_do(act: Act):
    students = {Act.CALL, Act.ALLOW, Act.REFUSE, Act.TAKE_BACK}
    wrong = TEACHER if act in students else STUDENT
    with pytest.raises(Forbidden):
        done(watched(Control("m1")), (wrong, act))


def test_unsharing_ends_who_looks():
    control = watched(done(Control("m1"), (TEACHER, Act.SHARE)), STUDENT, "s1")
    assert control.watchers() == (STUDENT,)
    assert done(control, (TEACHER, Act.UNSHARE)).watchers() == ()


def test_what_changes_nothing_is_not_told():
    control = done(Control("m1"), (TEACHER, Act.SHARE))
    assert rules.act(control, TEACHER, Act.SHARE, WHO, NOW) == (control, [])


def test_everything_is_gone_once_the_meeting_is_over():
    control, facts = rules.end(watched(Control("m1")), NOW)
    assert [fact.kind for fact in facts] == ["meeting.control-changed"]
    assert rules.end(control, NOW) == (control, [])
    for side, act in ((STUDENT, Act.TAKE_BACK), (TEACHER, Act.SHARE)):
        with pytest.raises(Gone):
            done(control, (side, act))
    with pytest.raises(Gone):
        watched(control)


def test_windows_are_bounded():
    control = Control("m1")
    for number in range(rules.MAX_VIEWERS):
        control = watched(control, connection=f"c{number}")
    with pytest.raises(Conflict):
        watched(control, connection="one too many")
