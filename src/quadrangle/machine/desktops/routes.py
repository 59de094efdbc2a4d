"""Names of desktops on this machine: a path of the server for each side of a meeting."""

import contextlib
import os
import re
import secrets
from pathlib import Path

from quadrangle.machine.desktops.locking import locked
from quadrangle.machine.desktops.records import Records
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.machine.desktops.threads import in_thread
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class PathRoutes:
    """Implements Routes. A name is a symbolic link to the machine's folder, so that every process
    of the server follows it at once. Links begin with `prefix`."""

    def __init__(self, settings: DesktopSettings, prefix: str = "/desktops") -> None:
        self._records = Records(settings.folder)
        self._names = settings.folder / "names"
        self._prefix = prefix

    async def point(self, machine: Machine) -> str:
        name = self._name(machine.meeting_id, machine.role)
        await in_thread(lambda: self._point(name, machine.machine_id))
        return f"{self._prefix}/{machine.meeting_id}/{machine.role}"

    async def take_off(self, machine: Machine) -> None:
        name = self._name(machine.meeting_id, machine.role)
        await in_thread(lambda: self._take_off(name, machine.machine_id))

    async def machine_at(self, meeting_id: str, role: MeetingRole) -> Machine | None:
        """Return what a name leads to, None where it leads nowhere."""
        if not _NAME.fullmatch(meeting_id):
            return None
        name = self._name(meeting_id, role)
        return await in_thread(lambda: self._machine_at(name))

    def _name(self, meeting_id: str, role: MeetingRole) -> Path:
        if not _NAME.fullmatch(meeting_id):
            raise ValueError(f"not the id of a meeting: {meeting_id!r}")
        return self._names / f"{meeting_id}.{role}"

    def _point(self, name: Path, machine_id: str) -> None:
        name.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(self._names):
            temporary = name.with_name(f"{name.name}.{secrets.token_hex(4)}")
            os.symlink(f"../{machine_id}", temporary)
            os.replace(temporary, name)

    def _take_off(self, name: Path, machine_id: str) -> None:
        if not name.parent.is_dir():
            return
        with locked(self._names), contextlib.suppress(FileNotFoundError):
            if os.readlink(name) == f"../{machine_id}":
                name.unlink()

    def _machine_at(self, name: Path) -> Machine | None:
        try:
            target = os.readlink(name)
        except FileNotFoundError:
            return None
        return self._records.machine(target.removeprefix("../"))
