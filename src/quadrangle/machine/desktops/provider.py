"""Desktops of meetings in sandboxes of this machine."""

from collections.abc import Sequence
from pathlib import Path

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.machine.desktops import answering
from quadrangle.machine.desktops.capacity import capacity
from quadrangle.machine.desktops.ending import end_machine
from quadrangle.machine.desktops.launching import Launcher
from quadrangle.machine.desktops.programs import Programs, part_of
from quadrangle.machine.desktops.records import Records, machine_id_of
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.machine.desktops.threads import in_thread
from quadrangle.meetings.desktops.model import Machine, MachineState, Placement
from quadrangle.meetings.desktops.ports import Capacity, LaunchOrder
from quadrangle.meetings.model import Workspace


class SandboxDesktops:
    """Implements Desktops. Any number of processes may use one data folder.

    `terminal` is the folder of the terminal's server, which runs in the sandbox:
    quadrangle.portable.terminal.
    """

    def __init__(
        self,
        settings: DesktopSettings,
        clock: Clock,
        terminal: Path,
        programs: Programs | None = None,
    ) -> None:
        self._settings = settings
        self._records = Records(settings.folder)
        self._programs = programs or Programs(settings)
        self._launcher = Launcher(settings, self._records, self._programs, clock, terminal)

    async def unavailable(self, workspace: Workspace) -> str | None:
        """Return a sentence why this machine has none of these, None where it has."""
        return await in_thread(lambda: self._programs.unavailable(part_of(workspace)))

    async def capacity(self) -> Capacity:
        """Return how many desktops fit at once, running ones among them."""
        return await in_thread(lambda: capacity(self._settings, self._programs))

    async def placements(self, workspace: Workspace) -> Sequence[Placement]:
        return [Placement()]

    async def launch(self, order: LaunchOrder) -> str:
        return await in_thread(lambda: self._launcher.launch(order))

    async def find(self, token: str) -> Machine | None:
        return await in_thread(lambda: self._records.machine(machine_id_of(token)))

    async def look_up(self, machine_ids: Sequence[str]) -> dict[str, Machine]:
        found = await in_thread(lambda: [self._look_at(each) for each in machine_ids])
        return {machine.machine_id: machine for machine in found if machine is not None}

    async def list_ours(self) -> list[Machine]:
        found = await in_thread(lambda: [self._look_at(e) for e in self._records.machine_ids()])
        return [m for m in found if m is not None and m.state is not MachineState.GONE]

    async def terminate(self, machine_id: str) -> None:
        await in_thread(lambda: end_machine(self._records, machine_id))

    async def answers(self, machine: Machine) -> bool:
        workspace = await in_thread(lambda: self._workspace(machine.machine_id))
        if workspace is None or machine.address is None:
            return False
        return await answering.answers(machine.address, workspace)

    def _workspace(self, machine_id: str) -> Workspace | None:
        try:
            record = self._records.read(machine_id)
        except NotFound:
            return None
        return None if record is None else record.order.workspace

    def _look_at(self, machine_id: str) -> Machine | None:
        try:
            return self._records.machine(machine_id)
        except NotFound:  # no id of ours: unknown
            return None
