"""What must hold of meetings, whatever goes wrong: the invariants, and a campus to try them on."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from structlog.testing import capture_logs

from quadrangle.kernel.clock import ManualClock, from_text
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import ENDS, Desktop, DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.presence.model import Connection
from quadrangle.meetings.window_rules import may_launch
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.faults.meetings.cloud import Cloud, Crash, address_of
from tests.faults.meetings.ground import SqlGround
from tests.faults.meetings.world import POLICY, World

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MOVES = frozenset(
    {
        (Status.SCHEDULED, Status.LAUNCHED),
        (Status.LAUNCHED, Status.DNS_WRITTEN),
        (Status.DNS_WRITTEN, Status.HEALTHY),
        (Status.DNS_WRITTEN, Status.LAUNCHED),
        (Status.HEALTHY, Status.LAUNCHED),
        (Status.HEALTHY, Status.IN_PROGRESS),
        (Status.IN_PROGRESS, Status.DEGRADED),
        (Status.DEGRADED, Status.IN_PROGRESS),
        (Status.IN_PROGRESS, Status.ENDED),
        (Status.DEGRADED, Status.ENDED),
    }
)
UNJOINED = (Status.SCHEDULED, Status.LAUNCHED, Status.DNS_WRITTEN, Status.HEALTHY)
BACK = {(status, Status.SCHEDULED) for status in UNJOINED}  # moved to another time
UNMET = {(old, new) for old in UNJOINED for new in (Status.CANCELLED, Status.EXPIRED)}
FAILED = {(old, Status.FAILED) for old in UNJOINED}
ALLOWED = MOVES | BACK | UNMET | FAILED
REACHED = {
    Status.DNS_WRITTEN: (DesktopState.ROUTED, DesktopState.HEALTHY),
    Status.HEALTHY: (DesktopState.HEALTHY,),
    Status.IN_PROGRESS: (DesktopState.HEALTHY,),
}


@cache
def _template() -> Path:
    """A migrated, empty database to copy."""
    path = Path(tempfile.mkdtemp(prefix="meetings-")) / "template.db"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


class MeetingsThatHold(RuleBasedStateMachine):
    """What can be seen of all meetings, and what must hold of it after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="meetings-"))
        self.clock = ManualClock(START)
        self.cloud = Cloud(self.clock, on_launch=self.note_launch)
        self.joined: set[str] = set()
        self.perhaps_joined: set[str] = set()
        self.ends: dict[str, Status] = {}
        self.faults: list[str] = []  # what was seen that must not be
        self.connections: list[Connection] = []
        self.strays: set[str] = set()

    @initialize()
    def open(self) -> None:
        path = self.folder / "quadrangle.db"
        shutil.copy(_template(), path)

        async def make() -> World:
            return World(SqlGround(path, self.clock), self.cloud, self.clock)

        self.world: World = self.run(make())

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        with capture_logs():  # what fails on purpose fills them
            return self.runner.run(doing)

    def attempt(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do what may be refused, or break off; None then."""
        try:
            return self.run(doing)
        except (QuadrangleError, Crash):
            return None

    @property
    def ids(self) -> list[str]:
        """All there are: one may have been saved although nobody heard of it."""
        return self.world.ground.ids() if hasattr(self, "world") else []

    def meeting(self, pick: int) -> Meeting:
        found = self.world.ground.peek(self.ids[pick % len(self.ids)])
        assert found is not None
        return found

    def all_meetings(self) -> list[Meeting]:
        return [self.meeting(number) for number in range(len(self.ids))]

    def note_launch(self, order: LaunchOrder) -> None:
        """Invariant 4: no launch outside the window."""
        meeting = self.world.ground.peek(order.meeting_id)
        now = self.clock.now()
        if meeting is None or meeting.is_over:
            self.faults.append("launched for a meeting that is over, or for none")
            return
        begins = from_text(meeting.begins)
        last = begins + POLICY.grace
        if meeting.joined_at is not None:
            last = begins + timedelta(minutes=meeting.minutes + meeting.extended_minutes)
        if not begins - POLICY.lead <= now <= last:
            self.faults.append(f"launched at {now}, begins at {begins}")

    def snapshot(self) -> object:
        living = sorted(real.machine_id for real in self.cloud.living())
        return self.all_meetings(), living, dict(self.cloud.names)

    def check_settled(self) -> None:
        living = self.cloud.living()
        wanted = set()
        for meeting in self.all_meetings():
            if not meeting.is_over:
                wanted |= {each.machine_id for each in meeting.desktops if each.is_living}
        assert {real.machine_id for real in living} <= wanted, "invariants 2 and 8: nothing left"
        sides = Counter((real.order.meeting_id, real.order.role) for real in living)
        assert not sides or max(sides.values()) == 1, "invariant 3: one living desktop a side"
        addresses = {address_of(real.machine_id) for real in living}
        assert set(self.cloud.names.values()) <= addresses, "invariant 2: no name is left"
        waiting = self.run(self.world.ground.waiting())
        for meeting in self.all_meetings():
            if meeting.is_over:
                assert meeting.look_at is None
                assert {each.state for each in meeting.desktops} <= {
                    DesktopState.GONE,
                    DesktopState.FAILED,
                }
                assert not [name for name in waiting if name.endswith(meeting.meeting_id)]
        self.check_history()

    def check_recovered(
        self,
        first: dict[str, Meeting],
        began: datetime,
        launched: list[tuple[datetime, LaunchOrder]],
    ) -> None:
        """Where everything works, one launch a side is enough, and a meeting that may have its
        desktops has them; only what had nearly failed fails."""
        sides = Counter((order.meeting_id, order.role) for _, order in launched)
        assert not sides or max(sides.values()) == 1
        for meeting in self.all_meetings():
            before = first[meeting.meeting_id]
            if meeting.status is Status.FAILED and before.status is not Status.FAILED:
                assert any(nearly_failed(desktop) for desktop in before.desktops)
            elif may_launch(before, began, POLICY) and may_launch(
                meeting, self.clock.now(), POLICY
            ):
                states = {
                    desktop.state
                    for role in MeetingRole
                    if role not in meeting.released and (desktop := meeting.desktop(role))
                }
                works = {DesktopState.HEALTHY}
                assert states == works or (meeting.joined_at and DesktopState.FAILED in states)

    def check_history(self) -> None:
        """Invariants 1 and 11, by all that was ever written."""
        sequences: dict[str, int] = {}
        for change in self.run(self.world.ground.changes()):
            data = change.data
            if change.kind == "meeting.status-changed":
                move = (Status(data["old"]), Status(data["new"]))
                assert move in ALLOWED, f"invariant 1: {move}"
            if change.kind in ("meeting.scheduled", "meeting.moved", "meeting.cancelled"):
                assert data["sequence"] > sequences.get(change.subject, -1), "invariant 11"
                sequences[change.subject] = data["sequence"]

    # -- always -----------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "world"):
            return
        assert not self.faults, self.faults
        attempts = Counter(
            (order.meeting_id, order.role, order.generation, order.attempt)
            for _, order in self.cloud.launched
            if not order.token.startswith("stray")
        )
        assert not attempts or max(attempts.values()) == 1, "invariant 3: one machine an attempt"
        for meeting in self.all_meetings():
            self.check_meeting(meeting)
        for made_at, order in self.cloud.launched:
            self.check_lifetime(made_at, order)

    def check_meeting(self, meeting: Meeting) -> None:
        known = self.joined | self.perhaps_joined
        if meeting.meeting_id in self.ends:
            assert meeting.status is self.ends[meeting.meeting_id], "invariant 1: ends absorb"
        if meeting.status in ENDS:
            self.ends[meeting.meeting_id] = meeting.status
        if meeting.status in (Status.IN_PROGRESS, Status.DEGRADED, Status.ENDED):
            assert meeting.meeting_id in known, "invariant 7: in progress means somebody joined"
        if meeting.status in (Status.EXPIRED, Status.CANCELLED, Status.FAILED):
            assert meeting.meeting_id not in self.joined, "invariant 7: expired means nobody did"
        states = REACHED.get(meeting.status)
        if states is not None:
            for role in set(MeetingRole) - set(meeting.released):
                desktop = meeting.desktop(role)
                assert desktop is not None, "a status needs both desktops"
                assert desktop.state in states, "a status needs both desktops"

    def check_lifetime(self, made_at: datetime, order: LaunchOrder) -> None:
        """Invariant 10; the machine ends itself at `ends_at`."""
        if order.token.startswith("stray"):
            return
        longest = timedelta(minutes=60 + POLICY.max_extension_minutes) + POLICY.grace
        assert from_text(order.ends_at) - made_at <= POLICY.lead + longest, "invariant 10"


def nearly_failed(desktop: Desktop) -> bool:
    """Tell whether one more failure is enough."""
    if desktop.state is DesktopState.FAILED or desktop.failures >= POLICY.generations - 1:
        return True
    return desktop.attempt is not None and desktop.attempt.number >= POLICY.attempts
