"""The invariants of meetings, against the real service with parts that fail.

Hypothesis drives it: people schedule, move, cancel, join, extend and end; time goes by; launches
find no room, lose their answers or are refused; look-ups fail, know nothing or lag; machines are
slow, never answer, die; names cannot be changed; events and schedules get lost, come twice or late;
the process ends before or after any side effect.
"""

import shutil
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job
from quadrangle.meetings.joining.joining import Joined
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole
from quadrangle.meetings.presence.model import Connection
from quadrangle.meetings.settling.watching import LAUNCH, SAFETY_NET, SETTLE
from tests.faults.meetings.cloud import Crash, Launches, LookUps, address_of, name_of
from tests.faults.meetings.hours import left
from tests.faults.meetings.invariants import MeetingsThatHold
from tests.faults.meetings.world import CALLER, POLICY
from tests.properties import examples

picks = st.integers(0, 5)
roles = st.sampled_from(MeetingRole)
seldom = st.integers(0, 3).map(lambda number: number == 3)
_S = timedelta(seconds=1)


class Meetings(MeetingsThatHold):
    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.settle()
            self.holds()
            self.run(self.world.ground.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def living(self) -> int:
        return sum(not meeting.is_over for meeting in self.all_meetings())

    has_meetings = precondition(lambda self: bool(self.ids))

    # -- people -----------------------------------------------------------------------------

    @precondition(lambda self: len(self.ids) < 8 and self.living() < 2)
    @rule(in_minutes=st.integers(-30, 40), minutes=st.sampled_from([10, 30, 60]))
    def schedule(self, in_minutes: int, minutes: int) -> None:
        self.attempt(self.world.schedule(in_minutes, minutes=minutes))

    @has_meetings
    @rule(pick=picks, in_minutes=st.integers(-30, 60), sure=seldom)
    def move(self, pick: int, in_minutes: int, sure: bool) -> None:
        if not sure:
            return
        meet_time = to_text(self.clock.now() + timedelta(minutes=in_minutes))
        meeting_id = self.meeting(pick).meeting_id
        self.attempt(self.world.scheduling.move(meeting_id, CALLER, meet_time))

    @has_meetings
    @rule(pick=picks, sure=seldom)
    def cancel(self, pick: int, sure: bool) -> None:
        if not sure:
            return
        self.attempt(self.world.scheduling.cancel(self.meeting(pick).meeting_id, CALLER))

    @has_meetings
    @rule(pick=picks, sure=seldom)
    def end(self, pick: int, sure: bool) -> None:
        if not sure:
            return
        self.attempt(self.world.scheduling.end(self.meeting(pick).meeting_id, CALLER))

    @has_meetings
    @rule(pick=picks, minutes=st.integers(1, 20))
    def extend(self, pick: int, minutes: int) -> None:
        meeting_id = self.meeting(pick).meeting_id
        self.attempt(self.world.scheduling.extend(meeting_id, CALLER, minutes))

    @has_meetings
    @rule(pick=picks, role=roles)
    def retry(self, pick: int, role: MeetingRole) -> None:
        self.attempt(self.world.scheduling.retry(self.meeting(pick).meeting_id, CALLER, role))

    @has_meetings
    @rule(pick=picks, role=roles)
    def join(self, pick: int, role: MeetingRole) -> None:
        meeting_id = self.meeting(pick).meeting_id
        try:
            entered = self.run(self.world.join(self.meeting(pick), role))
        except Crash:
            self.perhaps_joined.add(meeting_id)
            return
        except (Gone, Conflict):
            return
        if isinstance(entered, Joined):
            self.joined.add(meeting_id)
            self.check_entered(self.meeting(pick), role, entered)

    def check_entered(self, meeting: Meeting, role: MeetingRole, entered: Joined) -> None:
        """Invariants 5 and 6: a 200 is the present generation, healthy, and its name leads to it;
        its ticket opens one's own desktop, once, and one's key no other side."""
        desktop = meeting.desktop(role)
        assert desktop is not None
        assert desktop.state is DesktopState.HEALTHY
        assert desktop.machine_id
        assert self.cloud.names[name_of(desktop.machine_id)] == address_of(desktop.machine_id)
        assert name_of(desktop.machine_id) in entered.url
        assert entered.role is role
        assert entered.websocket
        ticket = entered.websocket.rpartition("/")[2]
        admitted = self.run(self.world.ticketing.take(ticket))
        assert (admitted.desktop.machine_id, admitted.holder) == (desktop.machine_id, role)
        for refused, doing in (
            (Gone, self.world.ticketing.take(ticket)),
            (InvalidInput, self.world.joining.join(*self.swapped(meeting, role))),
        ):
            try:
                self.run(doing)
            except refused:
                continue
            raise AssertionError("a used ticket or a swapped role was taken")

    def swapped(self, meeting: Meeting, role: MeetingRole) -> tuple[str, str, str]:
        key = self.world.keys.key(meeting.meeting_id, role, meeting.link_generation)
        other = next(each for each in MeetingRole if each is not role)
        return meeting.meeting_id, other.value, key

    @has_meetings
    @rule(pick=picks, role=roles, heard=st.sampled_from([0, 600, 7200]))
    def connect(self, pick: int, role: MeetingRole, heard: int) -> None:
        """Somebody is there, and heard of for so many seconds."""
        meeting, now = self.meeting(pick), self.clock.now()
        if role not in meeting.joined_roles:
            return
        at, seen_at = to_text(now), to_text(now + heard * _S)
        connection = Connection(new_id(), meeting.meeting_id, role, "desktop", at, seen_at)
        self.connections.append(connection)
        self.run(self.world.ground.presence.put(connection))

    @precondition(lambda self: bool(self.connections))
    @rule(pick=picks)
    def leave(self, pick: int) -> None:
        connection = self.connections[pick % len(self.connections)]
        at = to_text(self.clock.now())
        self.run(self.world.ground.presence.put(left(connection, at)))

    # -- time and work ----------------------------------------------------------------------

    @rule(by=st.sampled_from([1, 5, 20, 60, 300, 600, 900]))
    def wait(self, by: int) -> None:
        self.clock.advance(by * _S)

    @rule(by=st.sampled_from([0, 2, 7, 30]))
    def work(self, by: int) -> None:
        self.clock.advance(by * _S)
        self.run(self.world.ground.work())

    @rule(steps=st.sampled_from([3, 8, 20, 60]))
    def time_goes_by(self, steps: int) -> None:
        """Do what is due as it comes, while some parts may fail."""
        for step in range(steps):
            self.clock.advance(15 * _S)
            if step % 4 == 3:
                self.attempt(self.world.watching.sweep_once())
            self.run(self.world.ground.work())

    @rule()
    def sweep(self) -> None:
        self.attempt(self.world.watching.sweep_once())

    @has_meetings
    @rule(pick=picks, role=roles, stays=st.booleans())
    def take_place(self, pick: int, role: MeetingRole, stays: bool) -> None:
        """All goes well for once: the hour comes, both desktops are ready, one side joins."""
        meeting = self.meeting(pick)
        if meeting.is_over:
            return
        self.cloud.heal()
        launch_at = from_text(meeting.begins) - POLICY.lead
        self.clock.advance(max(timedelta(0), launch_at - self.clock.now()))
        for _ in range(6):
            self.run(self.world.watching.sweep_once())
            self.run(self.world.ground.work())
            self.clock.advance(5 * _S)
        self.join(pick, role)
        if stays:
            self.connect(pick, role, 7200)

    # -- what fails -------------------------------------------------------------------------

    @rule(
        launches=st.sampled_from([*[Launches.WORK] * 4, *Launches]),
        look_ups=st.sampled_from([*[LookUps.WORK] * 4, *LookUps]),
        names_fail=st.sampled_from([False, False, True]),
        boot=st.sampled_from([0, 5, 5, 50, 500]),
        health=st.sampled_from([0, 2, 2, 50, None]),
    )
    def parts_become(
        self,
        launches: Launches,
        look_ups: LookUps,
        names_fail: bool,
        boot: int,
        health: int | None,
    ) -> None:
        self.cloud.launches, self.cloud.look_ups = launches, look_ups
        self.cloud.routes_fail = names_fail
        self.cloud.boot = boot * _S
        self.cloud.health = None if health is None else health * _S

    @precondition(lambda self: bool(self.cloud.real))
    @rule(pick=picks)
    def kill(self, pick: int) -> None:
        living = self.cloud.living() or list(self.cloud.real.values())
        self.cloud.kill(living[pick % len(living)].machine_id)

    @rule(steps=st.integers(1, 12))
    def crash_soon(self, steps: int) -> None:
        self.cloud.crash_in = steps

    @has_meetings
    @rule(pick=picks)
    def stray(self, pick: int) -> None:
        """A machine tagged as ours that we know nothing of."""
        known = pick % 2 == 0
        owner = self.meeting(pick).meeting_id if known else new_id()
        self.strays.add(self.cloud.stray(owner))

    @rule(pick=picks)
    def lose_a_job(self, pick: int) -> None:
        waiting = self.run(self.world.ground.waiting())
        if waiting:
            self.run(self.world.ground.drop(waiting[pick % len(waiting)]))

    @precondition(lambda self: bool(self.cloud.real))
    @rule(pick=picks)
    def event(self, pick: int) -> None:
        """An event of the provider: lost ones never come, others twice, late, or for nothing."""
        known = [*self.cloud.real, "i-foreign"]
        self.attempt(self.world.watching.machine_changed(known[pick % len(known)]))

    @has_meetings
    @rule(pick=picks, function=st.sampled_from([LAUNCH, SAFETY_NET, SETTLE]))
    def schedule_fires(self, pick: int, function: str) -> None:
        self.attempt(self.fire(self.meeting(pick).meeting_id, function))

    async def fire(self, meeting_id: str, function: str) -> None:
        payload = {"meeting_id": meeting_id}
        job = Job("1", function, payload, 1, self.clock.now())
        await self.world.watching.handlers()[function](job)

    @rule(pick=st.integers(0, 40))
    def change_again(self, pick: int) -> None:
        changes = self.run(self.world.ground.changes())
        if changes:
            self.attempt(self.world.replay([changes[pick % len(changes)]]))

    # -- once settled -----------------------------------------------------------------------

    @rule()
    def settle(self) -> None:
        """Have everything work again for some minutes, then look at what is left."""
        self.cloud.heal()
        began, launches = self.clock.now(), len(self.cloud.launched)
        first = {meeting.meeting_id: meeting for meeting in self.all_meetings()}
        for _ in range(14):
            self.clock.advance(15 * _S)
            self.run(self.world.watching.sweep_once())
            self.run(self.world.ground.work())
        self.check_settled()
        self.check_recovered(first, began, self.cloud.launched[launches:])
        before = self.at_rest()
        self.run(self.world.replay(self.run(self.world.ground.changes())))
        for meeting_id in self.ids:
            for function in (LAUNCH, SAFETY_NET, SETTLE):
                self.run(self.fire(meeting_id, function))
        for machine_id in [*self.cloud.real, "i-foreign"]:
            self.run(self.world.watching.machine_changed(machine_id))
        self.run(self.world.ground.work())
        assert self.snapshot() == before, "invariant 9: what is replayed changes nothing"
        self.check_settled()

    def at_rest(self) -> object:
        """Return what there is once nothing is on its way any more: a time may have run out at this
        very moment, as when somebody did not come, and a machine ends in more than one step."""
        before = self.snapshot()
        for _ in range(3):
            self.run(self.world.watching.sweep_once())
            self.run(self.world.ground.work())
            after = self.snapshot()
            if after == before:
                break
            before = after
        return before


Meetings.TestCase.settings = settings(
    max_examples=examples(30),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestMeetings = Meetings.TestCase
