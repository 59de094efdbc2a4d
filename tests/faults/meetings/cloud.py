"""A provider of desktops that fails in every way real ones do, and remembers what really happened.

It keeps EC2's promises: one token makes one machine, a token whose machine has ended is refused, so
is one with other parameters; look-ups lag; an answer may be lost after the machine was made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine, MachineState, Placement
from quadrangle.meetings.desktops.ports import (
    LaunchOrder,
    LaunchRefused,
    NoRoom,
    TokenMismatch,
    TokenSpent,
)
from quadrangle.meetings.model import MeetingRole, Workspace


class Crash(BaseException):
    """The process ends here. No handler may catch it."""


class Launches(StrEnum):
    """What becomes of a launch."""

    WORK = "work"
    NO_ROOM = "no room"
    REFUSED = "refused"
    LOST_BEFORE = "lost before anything was made"
    LOST_AFTER = "made, and the answer lost"


class LookUps(StrEnum):
    """What becomes of a look-up."""

    WORK = "work"
    FAIL = "fail"
    EMPTY = "know nothing"
    LAG = "know nothing of what is young"


LAG = timedelta(seconds=20)


@dataclass
class Real:
    """A machine as it really is."""

    order: LaunchOrder
    machine_id: str
    made_at: datetime
    boots_at: datetime
    answers_at: datetime | None  # None: never
    ended_at: datetime | None = None

    @property
    def lives(self) -> bool:
        return self.ended_at is None


@dataclass
class Cloud:
    """Implements desktops.ports.Desktops and Routes."""

    clock: Clock
    launches: Launches = Launches.WORK
    look_ups: LookUps = LookUps.WORK
    routes_fail: bool = False
    boot: timedelta = timedelta(seconds=5)
    health: timedelta | None = timedelta(seconds=2)
    places: int = 2
    crash_in: int | None = None  # steps until the process ends
    real: dict[str, Real] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # to the address each leads to
    asked: dict[str, LaunchOrder] = field(default_factory=dict)  # by token
    tokens: dict[str, str] = field(default_factory=dict)
    launched: list[tuple[datetime, LaunchOrder]] = field(default_factory=list)
    on_launch: Callable[[LaunchOrder], None] = lambda order: None

    # -- what tests do to it ----------------------------------------------------------------

    def step(self) -> None:
        """Stand before or after a side effect, where the process may end."""
        if self.crash_in is None:
            return
        self.crash_in -= 1
        if self.crash_in <= 0:
            self.crash_in = None
            raise Crash

    def heal(self) -> None:
        self.launches, self.look_ups = Launches.WORK, LookUps.WORK
        self.routes_fail, self.crash_in = False, None
        self.boot, self.health = timedelta(seconds=5), timedelta(seconds=2)

    def kill(self, machine_id: str) -> None:
        real = self.real[machine_id]
        if real.lives:
            real.ended_at = self.clock.now()

    def living(self) -> list[Real]:
        """Return the machines that run now; each ends itself when its time is up."""
        now = self.clock.now()
        for real in self.real.values():
            ends_at = from_text(real.order.ends_at)
            if real.lives and now >= ends_at:
                real.ended_at = ends_at
        return [real for real in self.real.values() if real.lives]

    def stray(self, meeting_id: str) -> str:
        """Have a machine that nobody knows of, tagged as ours."""
        number = len(self.real)
        ends_at = "2099-01-01T00:00:00.000Z"
        order = LaunchOrder(
            meeting_id, MeetingRole.TEACHER, 77, 1, f"stray-{number}", Workspace.DESKTOP, ends_at
        )
        return self._make(order).machine_id

    # -- Desktops ---------------------------------------------------------------------------

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        return [Placement(f"zone-{number}", "small") for number in range(self.places)]

    async def launch(self, order: LaunchOrder) -> str:
        self.step()
        self.on_launch(order)
        if self.launches is Launches.LOST_BEFORE:
            raise Unavailable
        machine_id = self._launch(order)
        self.step()
        if self.launches is Launches.LOST_AFTER:
            raise Unavailable
        return machine_id

    def _launch(self, order: LaunchOrder) -> str:
        if self.asked.setdefault(order.token, order) != order:
            raise TokenMismatch
        known = self.tokens.get(order.token)
        if known is not None:
            self.living()
            if not self.real[known].lives:
                raise TokenSpent
            return known
        if self.launches is Launches.NO_ROOM:
            raise NoRoom("There is no room.")
        if self.launches is Launches.REFUSED:
            raise LaunchRefused("The programs for desktops are not installed.")
        return self._make(order).machine_id

    def _make(self, order: LaunchOrder) -> Real:
        now = self.clock.now()
        boots_at = now + self.boot
        answers_at = None if self.health is None else boots_at + self.health
        real = Real(order, f"i-{len(self.real):04}", now, boots_at, answers_at)
        self.real[real.machine_id] = real
        self.tokens[order.token] = real.machine_id
        self.launched.append((now, order))
        return real

    async def find(self, token: str) -> Machine | None:
        self._require_look_ups()
        machine_id = self.tokens.get(token)
        return self._known(machine_id) if machine_id is not None else None

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        self._require_look_ups()
        known = {machine_id: self._known(machine_id) for machine_id in machine_ids}
        return {machine_id: machine for machine_id, machine in known.items() if machine}

    async def list_ours(self) -> list[Machine]:
        self._require_look_ups()
        known = [self._known(real.machine_id) for real in self.living()]
        return [machine for machine in known if machine]

    async def terminate(self, machine_id: str) -> None:
        self.step()
        if machine_id in self.real:
            self.kill(machine_id)
        self.step()

    async def answers(self, machine: Machine) -> bool:
        self.living()
        real = self.real[machine.machine_id]
        if not real.lives or machine.address != address_of(real.machine_id):
            return False
        return real.answers_at is not None and self.clock.now() >= real.answers_at

    def _require_look_ups(self) -> None:
        if self.look_ups is LookUps.FAIL:
            raise Unavailable

    def _known(self, machine_id: str) -> Machine | None:
        self.living()
        real = self.real.get(machine_id)
        now = self.clock.now()
        if real is None or self.look_ups is LookUps.EMPTY:
            return None
        if self.look_ups is LookUps.LAG and now < real.made_at + LAG:
            return None
        order = real.order
        state = MachineState.RUNNING if now >= real.boots_at else MachineState.STARTING
        if not real.lives:
            state = MachineState.GONE
        running = state is MachineState.RUNNING
        return Machine(
            machine_id=machine_id,
            meeting_id=order.meeting_id,
            role=order.role,
            generation=order.generation,
            token=order.token,
            state=state,
            address=address_of(machine_id) if running else None,
        )

    # -- Routes -----------------------------------------------------------------------------

    async def point(self, machine: Machine) -> str:
        self.step()
        if self.routes_fail:
            raise Unavailable
        assert machine.address
        self.names[name_of(machine.machine_id)] = machine.address
        self.step()
        return f"https://{name_of(machine.machine_id)}:8443"

    async def take_off(self, machine: Machine) -> None:
        self.step()
        if self.routes_fail:
            raise Unavailable
        name = name_of(machine.machine_id)
        if self.names.get(name) == machine.address:
            del self.names[name]
        self.step()


def name_of(machine_id: str) -> str:
    return f"{machine_id}.campus.example"


def address_of(machine_id: str) -> str:
    return f"10.0.0.{int(machine_id[2:])}"
