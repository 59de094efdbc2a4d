"""Who may do what on whose desktop, whatever both do and in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import Action, Control, Help
from quadrangle.meetings.model import MeetingRole, Right

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
WHO = Principal("Ada")
SIDES = st.sampled_from(list(MeetingRole))


def done(control: Control, *acts: tuple[MeetingRole, Action]) -> Control:
    for side, act in acts:
        control, _ = rules.act(control, side, act, WHO, NOW)
    return control


def watched(control: Control, side: MeetingRole = TEACHER, connection: str = "c1") -> Control:
    control = done(control, (side, Action.WATCH))
    return rules.connect(control, side, connection, NOW)[0]


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

    @rule(side=SIDES, act=st.sampled_from(list(Action)))
    def act(self, side: MeetingRole, act: Action) -> None:
        called = self.control.help is Help.CALLED
        try:
            self._take(rules.act(self.control, side, act, WHO, self.now))
        except QuadrangleError as error:
            assert (side, act) != (STUDENT, Action.TAKE_BACK) or isinstance(error, Gone)
            return
        if act in (Action.CALL, Action.GRANT):
            self.consent = True
        elif act in (Action.TAKE_BACK, Action.REFUSE):
            self.consent = False
        elif act is Action.HAND_BACK:
            self.consent = called
        if act is Action.TAKE_BACK:
            assert self.control.help is Help.NONE
        self._note_loss()

    @rule(side=SIDES)
    def connect(self, side: MeetingRole) -> None:
        self.made += 1
        looks = side in self.control.watching
        try:
            self._take(rules.connect(self.control, side, f"c{self.made}", self.now), changed=False)
        except (Conflict, Gone):
            return
        except Forbidden:
            assert not looks
            return
        assert looks

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        known = [viewer.connection_id for viewer in self.control.viewers]
        going = data.draw(st.sampled_from([*known, "unknown"]))
        before = rules.told(self.control)
        self._take(rules.leave(self.control, [going], self.now))
        self._note_loss()
        assert rules.told(self.control)["watching"] == before["watching"]

    @rule(seconds=st.integers(0, 100), kept=st.integers(0, 3))
    def wait(self, seconds: int, kept: int) -> None:
        """Time passes; only some connections are still noted as open."""
        self.now += timedelta(seconds=seconds)
        alive = [viewer.connection_id for viewer in self.control.viewers[:kept]]
        self._take(rules.seen(self.control, alive, self.now), changed=False)
        self._take(rules.forget_silent(self.control, self.now))
        self._note_loss()
        earliest = to_text(self.now - rules.SILENT_AFTER)
        assert all(viewer.seen_at >= earliest for viewer in self.control.viewers)
        for look in self.control.looks:
            assert look.seen_at >= earliest or self.control.is_connected(look.role)

    def _note_loss(self) -> None:
        """What the student allowed ends with the teacher's connection."""
        if not self.control.is_connected(TEACHER) and self.control.help is not Help.CALLED:
            self.consent = False

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
            assert TEACHER in rules.told(self.control)["watching"]
            assert self.control.is_connected(TEACHER)

    @invariant()
    def a_student_sees_what_is_shared_and_touches_nothing(self) -> None:
        right = rules.right(self.control, STUDENT, TEACHER)
        assert right is None or (right is Right.WATCH and self.control.offered)

    @invariant()
    def an_end_is_the_end(self) -> None:
        if self.control.over:
            assert self.control.viewers == self.control.looks == ()
            assert rules.right(self.control, TEACHER, STUDENT) is None
            assert rules.right(self.control, STUDENT, STUDENT) is Right.CONTROL


TestMeeting = Meeting.TestCase


def test_the_teacher_is_let_in_by_the_students_answer_and_sent_back():
    control = done(watched(Control("m1")), (TEACHER, Action.ASK))
    assert control.help is Help.ASKED
    assert rules.right(control, TEACHER, STUDENT) is Right.WATCH
    control = done(control, (STUDENT, Action.GRANT))
    assert rules.right(control, TEACHER, STUDENT) is Right.CONTROL
    assert rules.right(control, STUDENT, STUDENT) is Right.WATCH
    control = done(control, (STUDENT, Action.TAKE_BACK))
    assert rules.right(control, TEACHER, STUDENT) is Right.WATCH
    assert rules.right(control, STUDENT, STUDENT) is Right.CONTROL


def test_a_student_who_calls_for_help_need_not_be_asked():
    control = done(Control("m1"), (STUDENT, Action.CALL))
    assert control.help is Help.CALLED
    assert done(watched(control), (TEACHER, Action.ASK)).help is Help.GIVEN


def test_a_hand_ends_with_the_connection_it_hangs_on():
    control = done(watched(Control("m1")), (TEACHER, Action.ASK), (STUDENT, Action.GRANT))
    control = watched(control, connection="c2")
    control, _ = rules.leave(control, ["c1"], NOW)
    assert control.help is Help.GIVEN, "another window is open still"
    control, facts = rules.leave(control, ["c2"], NOW)
    assert control.help is Help.NONE
    assert facts[0].data == {
        "what": "leave",
        "watching": [TEACHER],
        "asked": False,
        "called": False,
        "hand": STUDENT,
        "offered": False,
    }


def test_who_does_not_look_cannot_ask():
    with pytest.raises(Conflict):
        done(Control("m1"), (TEACHER, Action.ASK))


@pytest.mark.parametrize("act", list(Action))
def test_nobody_does_what_is_the_other_sides_to_do(act: Action):
    if act in (Action.WATCH, Action.STOP_WATCHING):
        return  # both may
    students = {Action.CALL, Action.GRANT, Action.REFUSE, Action.TAKE_BACK}
    wrong = TEACHER if act in students else STUDENT
    with pytest.raises(Forbidden):
        done(watched(Control("m1")), (wrong, act))


def test_who_no_longer_offers_is_no_longer_seen():
    control = watched(done(Control("m1"), (TEACHER, Action.OFFER)), STUDENT, "s1")
    assert control.watching == (STUDENT,)
    assert done(control, (TEACHER, Action.WITHDRAW)).watching == ()


def test_what_changes_nothing_is_not_told():
    control = done(Control("m1"), (TEACHER, Action.OFFER))
    assert rules.act(control, TEACHER, Action.OFFER, WHO, NOW) == (control, [])


def test_everything_is_gone_once_the_meeting_is_over():
    control, facts = rules.end(watched(Control("m1")), NOW)
    assert [fact.kind for fact in facts] == ["meeting.control-changed"]
    assert rules.end(control, NOW) == (control, [])
    for side, act in ((STUDENT, Action.TAKE_BACK), (TEACHER, Action.OFFER)):
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
