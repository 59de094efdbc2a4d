"""Launches machines: each token once, whoever asks, as often as they ask."""

import os
import random
import subprocess
import sys
from pathlib import Path

from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.machine.desktops.bounds import Bounds, in_own_mounts
from quadrangle.machine.desktops.bubblewrap import PATH
from quadrangle.machine.desktops.capacity import capacity, has_disk_for_one
from quadrangle.machine.desktops.giving import give
from quadrangle.machine.desktops.locking import locked
from quadrangle.machine.desktops.planning import SOURCE, plan_machine
from quadrangle.machine.desktops.programs import Programs, part_of
from quadrangle.machine.desktops.records import GIVEN, Record, Records, machine_id_of
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.machine.desktops.shim.plan import FAILED, HELD, STARTED, Plan
from quadrangle.machine.desktops.tidying import tidy
from quadrangle.meetings.desktops.model import MachineState
from quadrangle.meetings.desktops.ports import (
    LaunchOrder,
    LaunchRefused,
    NoRoom,
    TokenMismatch,
    TokenSpent,
)

_START_S = 20
_MOST_PATH_BYTES = 107 - len("/d-0123456789abcdef0123/rfb.sock")  # 107 for that of a socket
_KEEP = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from quadrangle.machine.desktops.shim.main import main; main()"
)


class Launcher:
    """Makes machines, one at a time on the whole machine: room is counted, users are given out."""

    def __init__(
        self,
        settings: DesktopSettings,
        records: Records,
        programs: Programs,
        clock: Clock,
        terminal: Path,
    ) -> None:
        self._settings = settings
        self._records = records
        self._programs = programs
        self._clock = clock
        self._terminal = terminal
        self._bounds = Bounds(settings)

    def launch(self, order: LaunchOrder) -> str:
        """Launch, and return the machine's id once its sandbox runs. See the port Desktops."""
        machine_id = machine_id_of(order.token)
        self._records.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(self._records.root) as lock:
            if not self._runs(machine_id, order):
                tidy(self._records, self._clock.now())
                self._refuse(order)
                self._start(machine_id, order, lock)
        return machine_id

    def _runs(self, machine_id: str, order: LaunchOrder) -> bool:
        """Tell whether it runs already. Raises TokenMismatch and TokenSpent."""
        record = self._records.read(machine_id)
        if record is not None and record.order != order:
            raise TokenMismatch
        machine = self._records.machine(machine_id)
        if machine is not None and machine.state is MachineState.GONE:
            raise TokenSpent
        return machine is not None

    def _refuse(self, order: LaunchOrder) -> None:
        """Raise LaunchRefused or NoRoom for what cannot be."""
        missing = self._programs.unavailable(part_of(order.workspace))
        if missing is not None:
            raise LaunchRefused(missing)
        if len(os.fsencode(self._records.root)) > _MOST_PATH_BYTES:
            raise LaunchRefused("The path of the data folder is too long for desktops.")
        if from_text(order.ends_at) <= self._clock.now():
            raise LaunchRefused("The time of this desktop is over already.")
        room = capacity(self._settings, self._programs)
        living = sum(1 for each in self._records.machine_ids() if self._records.shim(each))
        if living >= room.desktops:
            raise NoRoom(f"No desktop is free just now. {room.why}")
        if not has_disk_for_one(self._settings, self._records.root):
            raise NoRoom("The disk of this machine has no room for one more desktop.")

    def _start(self, machine_id: str, order: LaunchOrder, lock: int) -> None:
        record = self._records.read(machine_id)
        if record is None:
            record = Record(order=order, user=self._free_user())
            self._records.write(machine_id, record)
        folder = self._records.folder(machine_id)
        give(folder / GIVEN, self._terminal)
        plan = plan_machine(folder, record, self._settings, self._bounds)
        start_shim(plan, in_own_mounts() if plan.stage else [], lock)

    def _free_user(self) -> int | None:
        """Return the number of a user that owns nothing here any more; not the last one first, as
        files of whoever had it may lie elsewhere."""
        if not self._bounds.as_root:
            return None
        records = [self._records.read(each) for each in self._records.machine_ids()]
        taken = {record.user for record in records if record is not None}
        first, count = self._settings.first_user, self._settings.user_count
        while len(taken) < count:
            user = first + random.randrange(count)  # noqa: S311 any will do
            if user not in taken:
                return user
        raise NoRoom("Too many desktops' files are kept to make another.")


def start_shim(plan: Plan, mounts: list[str], lock: int | None = None) -> None:
    """Start the shim of `plan`; `mounts` precedes its command, and gives it the mounts it needs.

    The shim holds the lock of launches with us until it knows: were we killed meanwhile, the next
    launch would not wait for what this one began.

    Raises LaunchRefused when it says that it cannot, Unavailable when it says nothing in time.
    """
    path = Path(plan.folder, "plan.json")
    path.touch(mode=0o600)
    path.write_text(plan.to_json())
    command = [*mounts, sys.executable, "-I", "-S", "-c", _KEEP, str(SOURCE), str(path)]
    try:
        said = subprocess.run(
            command if lock is None else [*command, str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_START_S,
            env=shim_environment(),
            cwd="/",
            text=True,
            start_new_session=True,
            pass_fds=[] if lock is None else [lock],
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("The desktop did not start in time.") from error
    outcome, _, reason = said.partition(" ")
    if outcome == FAILED:
        raise LaunchRefused(reason)
    if outcome not in (STARTED, HELD):
        raise Unavailable("The desktop did not start.")


def shim_environment() -> dict[str, str]:
    """Nothing of ours, as settings hold secrets; what systemd-run needs to find its manager."""
    names = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    return {"PATH": PATH, **{name: os.environ[name] for name in names if name in os.environ}}
